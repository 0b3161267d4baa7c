//! What the pad says about itself: GIN, GIX, GDU, and the fixed prompts of GCD.

use super::app::{Answer, App};
use super::field as f;
use super::request::{Reply, Request, digits};
use super::status as st;
use crate::pad::secure::Slot;
use crate::pad::secure::vault::Register;

impl App {
    pub(super) fn gin(&mut self, request: &Request<'_>) -> Answer {
        let p = &self.profile;
        let block = match request.block() {
            b"00" => format!(
                "{:<20}{:<19} {:<20}{:<4}{:<16}{:<20}",
                p.maker, p.model, p.system, SPEC, p.manager, p.serial
            ),
            b"02" => format!(
                "{:<8}{:<12}{:<13}{SPEC:<4}   00",
                "Abecs", p.kernel, p.application
            ),
            b"03" => {
                let dukpt = self.vault.serial(Register::Pin, 1).map_or(' ', |_| 'T');
                let head = format!("{:<6}{:<4}{:<10}", "Abecs", "1.00", "");
                format!("{head}{:<13}{SPEC:<4}  {dukpt}00", p.application)
            }
            other if digits(other).is_some() && other.len() == 2 => {
                format!("{:<20}{:<13}{SPEC:<4}   00", "Abecs", p.application)
            }
            _ => return Answer::status(request.id, st::INVPARM),
        };
        Answer::Now(Reply::block(request.id, block))
    }

    pub(super) fn gix(&mut self, request: &Request<'_>) -> Answer {
        let Some(fields) = request.fields() else {
            return Answer::status(request.id, st::INVPARM);
        };
        let wanted: Vec<u16> = match fields.first(f::IDLIST) {
            None => ALWAYS.to_vec(),
            Some(list) if list.len().is_multiple_of(2) && list.len() <= 128 => list
                .as_chunks::<2>()
                .0
                .iter()
                .map(|pair| u16::from_be_bytes(*pair))
                .collect(),
            Some(_) => return Answer::status(request.id, st::INVPARM),
        };
        let known: Vec<(u16, Vec<u8>)> = wanted
            .into_iter()
            .filter_map(|id| Some((id, self.datum(id)?)))
            .collect();
        if known
            .iter()
            .map(|(_, value)| value.len() + 7)
            .sum::<usize>()
            > 2000
        {
            return Answer::status(request.id, st::RSPOVRFL);
        }
        Answer::Now(Reply::fields(request.id, known))
    }

    /// What the pad has under one id.
    fn datum(&mut self, id: u16) -> Option<Vec<u8>> {
        let p = &self.profile;
        let text = |s: &str| Some(s.as_bytes().to_vec());
        match (id, id.to_be_bytes()) {
            (0x8001, _) => text(&p.serial),
            (0x8002, _) => text("SIMULATED"),
            (0x8003, _) => text(&p.model),
            (0x8004, _) => text(&p.maker),
            (0x8005, _) => text("0011900000"),
            (0x8006, _) => text(&p.system),
            (0x8007, _) => text(SPEC),
            (0x8008, _) => text(&p.manager),
            (0x8009 | 0x800A, _) => text(&format!("{:<16}", p.application)),
            (0x8010, _) => text(&p.kernel),
            (0x8020, _) => text("0420"),
            (0x8032, _) => Some(map(|i| self.vault.has(Slot::AbecsPin(i)))),
            (0x8033, _) => Some(map(|i| self.vault.has(Slot::AbecsData(i)))),
            (0x8035, _) => Some(map(|i| self.vault.serial(Register::Pin, i).is_some())),
            (0x8036, _) => Some(map(|i| self.vault.serial(Register::Data, i).is_some())),
            (0x805A, _) => Some(self.random.bytes(900)),
            (0x8062, _) => Some(100_000u32.to_be_bytes().to_vec()),
            (0x8065, _) => text("0000"),
            (_, [0x91, index]) => Some(self.vault.serial(Register::Pin, index)?.to_vec()),
            (_, [0x92, index]) => Some(self.vault.serial(Register::Data, index)?.to_vec()),
            (_, [0x93, index @ 0..=99]) => Some(self.tables.version(index)),
            _ => None,
        }
    }

    pub(super) fn gdu(&mut self, request: &Request<'_>) -> Answer {
        let [method, index @ ..] = request.block() else {
            return Answer::status(request.id, st::INVPARM);
        };
        match (method, digits(index).filter(|_| index.len() == 2)) {
            (b'2' | b'3', Some(index)) => match self.vault.serial(Register::Pin, index as u8) {
                Some(serial) => Answer::Now(Reply::block(request.id, hex::encode_upper(serial))),
                None => Answer::status(request.id, st::ERRKEY),
            },
            _ => Answer::status(request.id, st::INVPARM),
        }
    }
}

/// A hundred characters: `1` where a key stands.
fn map(has: impl Fn(u8) -> bool) -> Vec<u8> {
    (0..100)
        .map(|index| if has(index) { b'1' } else { b'0' })
        .collect()
}

const SPEC: &str = "2.20";

/// What GIX gives when nothing is named.
const ALWAYS: [u16; 18] = [
    0x8001, 0x8002, 0x8003, 0x8004, 0x8005, 0x8006, 0x8007, 0x8008, 0x8009, 0x800A, 0x8010, 0x8020,
    0x8032, 0x8033, 0x8035, 0x8036, 0x8062, 0x8065,
];

/// The fixed prompts of GCD, numbered from 1.
pub(super) const PROMPTS: [&str; 53] = [
    "DIGITE O DDD",
    "REDIGITE O DDD",
    "DIGITE O TELEFONE",
    "REDIGITE O TELEFONE",
    "DIGITE DDD+TELEFONE",
    "REDIGITE DDD+TELEFONE",
    "DIGITE O CPF",
    "REDIGITE O CPF",
    "DIGITE O RG",
    "REDIGITE O RG",
    "DIGITE OS 4 ÚLTIMOS DÍGITOS",
    "DIGITE CÓDIGO DE SEGURANÇA",
    "DIGITE O CNPJ",
    "REDIGITE O CNPJ",
    "DIGITE A DATA (DDMMAAAA)",
    "DIGITE A DATA (DDMMAA)",
    "DIGITE A DATA (DDMM)",
    "DIGITE O DIA (DD)",
    "DIGITE O MÊS (MM)",
    "DIGITE O ANO (AA)",
    "DIGITE O ANO (AAAA)",
    "DATA DE NASCIMENTO (DDMMAAAA)",
    "DATA DE NASCIMENTO (DDMMAA)",
    "DATA DE NASCIMENTO (DDMM)",
    "DIA DO NASCIMENTO (DD)",
    "MÊS DO NASCIMENTO (MM)",
    "ANO DO NASCIMENTO (AA)",
    "ANO DO NASCIMENTO (AAAA)",
    "DIGITE IDENTIFICAÇÃO",
    "CÓDIGO DE FIDELIDADE",
    "NÚMERO DA MESA",
    "QUANTIDADE DE PESSOAS",
    "DIGITE QUANTIDADE",
    "NÚMERO DA BOMBA",
    "NÚMERO DA VAGA",
    "NÚMERO DO GUICHÊ/CAIXA",
    "CÓDIGO DO VENDEDOR",
    "CÓDIGO DO GARÇOM",
    "NOTA DO ATENDIMENTO",
    "NÚMERO DA NOTA FISCAL",
    "NÚMERO DA COMANDA",
    "PLACA DO VEÍCULO",
    "DIGITE QUILOMETRAGEM",
    "QUILOMETRAGEM INICIAL",
    "QUILOMETRAGEM FINAL",
    "DIGITE PORCENTAGEM",
    "PESQUISA DE SATISFAÇÃO (0 a 10)",
    "AVALIE ATENDIMENTO (0 a 10)",
    "DIGITE O TOKEN",
    "DIGITE NÚMERO DO CARTÃO",
    "NÚMERO DE PARCELAS",
    "CÓDIGO DO PLANO",
    "CÓDIGO DO PRODUTO",
];
