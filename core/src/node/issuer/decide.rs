//! The issuer's decision: one rule after the other, the first that refuses wins.

use super::{
    AccountConfig, CardStatus, Code, Effect, Fact, HoldChange, Image, Issuer, IssuerRecord, Key,
    Millis, Note, Protection, key_of, original_of,
};
use crate::bytes::to_hex;
use crate::node::card::Signed;
use crate::node::clock::civil;
use crate::node::kind::TradeKind;
use crate::node::ledger::{Account, Posting, Reason};
use crate::node::script;
use crate::node::terminal::tag;
use crate::node::vault;

use TradeKind as K;

/// Wrong PINs in a row after which a card is blocked.
const TRIES: u8 = 3;

/// A decision and what it changes.
struct Decision {
    code: Code,
    why: &'static str,
    amount: u64,
    posting: Option<Posting>,
    hold: HoldChange,
    tries: u8,
}

impl Decision {
    fn refuse(code: &[u8; 2], why: &'static str, tries: u8) -> Self {
        Decision {
            code: Code::lit(code),
            why,
            amount: 0,
            posting: None,
            hold: HoldChange::None,
            tries,
        }
    }
}

/// A request of a known card.
struct Request<'a> {
    image: &'a Image,
    kind: TradeKind,
    card: u8,
    account: &'a AccountConfig,
    amount: u64,
    rrn: u64,
}

impl Issuer {
    pub(super) fn asked(&mut self, now: Millis, image: &Image, fx: &mut Vec<Effect>) {
        let key = key_of(image);
        if self.store.early.contains(&key) {
            self.note(Note::LateOriginal, fx);
            return self.send(echo(image, Code::lit(b"94")), fx);
        }
        if self.on(Protection::DuplicateDetection)
            && let Some(entry) = self.store.journal.get(&key)
        {
            let answer = if entry.reversed {
                echo(image, Code::lit(b"94"))
            } else {
                entry.answer.clone()
            };
            self.note(Note::AnswerRepeated, fx);
            return self.send(answer, fx);
        }
        let cfg = std::sync::Arc::clone(&self.cfg);
        let pan = image.get(2).unwrap_or_default();
        let found = cfg.accounts.iter().position(|a| a.pan == pan);
        let kind = image.trade_kind();
        let (Some(card), Some(kind)) = (found, kind) else {
            let code = if found.is_none() { b"14" } else { b"40" };
            return self.send(echo(image, Code::lit(code)), fx);
        };
        let Some(account) = cfg.accounts.get(card) else {
            return;
        };
        let number = |de| {
            image
                .get(de)
                .and_then(|s| s.parse::<u64>().ok())
                .unwrap_or(0)
        };
        let (card, amount, rrn) = (card as u8, number(4), number(37));
        let request = Request {
            image,
            kind,
            card,
            account,
            amount,
            rrn,
        };
        let decision = self.decide(now, &request, fx);
        self.carry_out(key, &request, decision, fx);
    }

    fn decide(&self, now: Millis, r: &Request<'_>, fx: &mut Vec<Effect>) -> Decision {
        let tries = self
            .store
            .tries
            .get(usize::from(r.card))
            .copied()
            .unwrap_or(0);
        let forced = r.image.mti == 220;
        if !forced && let Some(refusal) = self.card_refused(now, r, tries, fx) {
            return refusal;
        }
        let tries = if r.image.get(52).is_some() { 0 } else { tries };
        match r.kind {
            K::Balance => Decision {
                code: Code::OK,
                why: "balance",
                amount: 0,
                posting: None,
                hold: HoldChange::None,
                tries,
            },
            K::Sale | K::PreAuth if !forced => self.spend(r, tries),
            K::Sale | K::TipAdjust | K::OfflineSale | K::PreAuth => {
                self.approve(r, r.amount, HoldChange::None, tries, "forced posting")
            }
            K::Void | K::CompletionVoid => self.void(r, tries),
            K::PreAuthVoid | K::Completion | K::CompletionAdvice => self.held(r, tries),
            K::Refund => self.approve(r, r.amount, HoldChange::None, tries, "refund"),
        }
    }

    /// Card, status, expiry, cryptogram, stripe, PIN: in this order.
    fn card_refused(
        &self,
        now: Millis,
        r: &Request<'_>,
        tries: u8,
        fx: &mut Vec<Effect>,
    ) -> Option<Decision> {
        let refuse = |code: &[u8; 2], why| Some(Decision::refuse(code, why, tries));
        match r.account.status {
            CardStatus::Active => {}
            CardStatus::Lost => return refuse(b"41", "lost"),
            CardStatus::Stolen => return refuse(b"43", "stolen"),
            CardStatus::Restricted => return refuse(b"62", "restricted"),
        }
        let expiry = r.account.expiry.parse::<u32>().unwrap_or(0);
        if expiry < civil(now).yymm() {
            return refuse(b"54", "expired");
        }
        let undoes = matches!(r.kind, K::Void | K::CompletionVoid);
        match r
            .image
            .get(55)
            .map(|f55| self.cryptogram_holds(r.account, f55))
        {
            Some(Some(())) => self.note(Note::CryptogramVerified, fx),
            Some(None) => return refuse(b"59", "cryptogram"),
            None => {}
        }
        let swiped = r.image.get(22).is_some_and(|f| f.starts_with("02"));
        let chip = r
            .image
            .get(35)
            .and_then(|t| t.split_once('='))
            .map(|(_, rest)| rest);
        if swiped && !undoes && chip.is_some_and(|rest| rest.get(4..5) == Some("2")) {
            return refuse(b"45", "chip card swiped");
        }
        if tries >= TRIES {
            return refuse(b"75", "PIN tries used up");
        }
        if let Some(f52) = r.image.get(52) {
            if !self.pin_holds(r.account, f52) {
                return Some(Decision::refuse(b"55", "PIN", tries + 1));
            }
            self.note(Note::PinVerified, fx);
        }
        if r.amount > r.account.limit {
            return refuse(b"61", "limit of one trade");
        }
        None
    }

    fn pin_holds(&self, account: &AccountConfig, f52: &str) -> bool {
        let mut block = [0; 8];
        if hex::decode_to_slice(f52, &mut block).is_err() {
            return false;
        }
        let clear = self.cfg.link.zpk.decipher(block);
        vault::pin_of(clear, &account.pan)
            .is_some_and(|pin| vault::pvv(&self.cfg.pvk, &account.pan, 1, &pin) == account.pvv)
    }

    fn cryptogram_holds(&self, account: &AccountConfig, f55: &str) -> Option<()> {
        let (signed, arqc) = signed_of(f55)?;
        let session = account.key.session(signed.atc);
        (session.cryptogram(&signed.bytes()) == arqc).then_some(())
    }

    /// A sale or pre-authorisation against what the account has.
    fn spend(&self, r: &Request<'_>, tries: u8) -> Decision {
        let free = self.available(r.card, r.account);
        let open = |amount| match r.kind {
            K::PreAuth => HoldChange::Open(amount),
            _ => HoldChange::None,
        };
        if (r.amount as i64) <= free {
            return self.approve(r, r.amount, open(r.amount), tries, "funds suffice");
        }
        let partial = r.image.get(60) == Some("partial") && r.kind == K::Sale;
        if partial && r.account.partial && free > 0 {
            let mut part = self.approve(r, free as u64, HoldChange::None, tries, "part of it");
            part.code = Code::PARTIAL;
            return part;
        }
        Decision::refuse(b"51", "funds", tries)
    }

    fn available(&self, card: u8, account: &AccountConfig) -> i64 {
        let balance = self.store.ledger.balance(Account::Cardholder(card));
        balance + account.overdraft - self.store.held(card)
    }

    fn approve(
        &self,
        r: &Request<'_>,
        amount: u64,
        hold: HoldChange,
        tries: u8,
        why: &'static str,
    ) -> Decision {
        let moved = r.kind.signed(amount);
        let posting = (moved != 0).then(|| {
            let to = Account::Cardholder(r.card);
            Posting::transfer(r.rrn, Reason::Trade, Account::IssuerSettlement, to, moved)
        });
        Decision {
            code: Code::OK,
            why,
            amount,
            posting,
            hold,
            tries,
        }
    }

    /// A void: the original must stand.
    fn void(&self, r: &Request<'_>, tries: u8) -> Decision {
        let original = original_of(r.image).and_then(|key| self.store.journal.get(&key));
        match original {
            Some(e) if e.approved && !e.reversed => self.approve(
                r,
                r.amount,
                HoldChange::None,
                tries,
                "void of a standing trade",
            ),
            Some(_) => Decision::refuse(b"12", "original does not stand", tries),
            None => Decision::refuse(b"25", "original unknown", tries),
        }
    }

    /// A trade on a hold: the same card and authorisation code, the hold open.
    fn held(&self, r: &Request<'_>, tries: u8) -> Decision {
        let auth = r.image.get(38).unwrap_or_default();
        let found = self
            .store
            .holds
            .iter()
            .position(|h| h.card == r.card && h.auth == auth);
        let Some((index, hold)) = found.and_then(|i| Some((i, self.store.holds.get(i)?))) else {
            return Decision::refuse(b"25", "no such hold", tries);
        };
        if !hold.open {
            return Decision::refuse(b"12", "hold closed", tries);
        }
        let ceiling = hold.amount * u64::from(self.cfg.settings.completion_percent) / 100;
        if r.kind != K::PreAuthVoid && r.amount > ceiling {
            return Decision::refuse(b"64", "above the hold", tries);
        }
        self.approve(
            r,
            r.amount,
            HoldChange::Close(index as u32),
            tries,
            "hold found",
        )
    }

    fn carry_out(&mut self, key: Key, r: &Request<'_>, d: Decision, fx: &mut Vec<Effect>) {
        let stan = key.0;
        fx.push(Effect::Report(Fact::Decision {
            stan,
            code: d.code,
            why: d.why,
        }));
        let answer = self.answer(r, &d);
        let approved = d.code.approves();
        let posting = d.posting;
        let split = !self.on(Protection::AtomicPosting);
        let second = posting
            .as_ref()
            .filter(|_| split)
            .and_then(|p| p.legs.last().copied());
        let before = self.store.ledger.postings().len();
        let record = IssuerRecord::Decided {
            key: key.clone(),
            rrn: r.rrn,
            kind: r.kind,
            card: r.card,
            approved,
            posting,
            split,
            hold: d.hold,
            tries: d.tries,
            answer: answer.clone(),
        };
        self.persist(record, fx);
        if let Some(leg) = second {
            self.persist(IssuerRecord::SecondLeg { key, leg }, fx);
        }
        self.report_postings(before, fx);
        self.send(answer, fx);
    }

    /// The script a chip is still owed; once, and only where a second GENERATE AC follows.
    fn script(&self, r: &Request<'_>, atc: u16, arqc: [u8; 8]) -> Option<String> {
        let contact = r.image.get(22).is_some_and(|f| f.starts_with("05"));
        let limit = r.account.script.filter(|_| contact)?;
        let session = r.account.key.session(atc);
        let owed = !self.store.scripted.contains_key(&r.card);
        owed.then(|| script::set_limit(&session, atc, arqc, limit))
    }

    fn answer(&self, r: &Request<'_>, d: &Decision) -> Image {
        let mut image = echo(r.image, d.code);
        if d.code == Code::PARTIAL {
            image.set(4, format!("{:012}", d.amount));
        }
        if d.code.approves() {
            image.set(
                38,
                match r.image.get(38) {
                    Some(auth) => auth.to_owned(),
                    None => format!("{:06}", self.store.auths % 999_999 + 1),
                },
            );
            image.set(63, r.account.org.clone());
            if r.kind == K::Balance {
                let free = self.available(r.card, r.account);
                let sign = if free < 0 { 'D' } else { 'C' };
                image.set(54, format!("1002156{sign}{:012}", free.unsigned_abs()));
            }
            if let Some((signed, arqc)) = r.image.get(55).and_then(signed_of) {
                let arpc = r.account.key.session(signed.atc).arpc(arqc, *b"00");
                let (atc, arpc) = (signed.atc, to_hex(&arpc));
                let script = self.script(r, atc, arqc).unwrap_or_default();
                image.set(55, format!("9F3602{atc:04X}910A{arpc}3030{script}"));
            }
        }
        image
    }
}

fn echo(image: &Image, code: Code) -> Image {
    let mut out = Image::new(image.mti + 10);
    out.copy(image, &[2, 3, 4, 7, 11, 12, 13, 25, 32, 33, 37, 41, 42, 49]);
    out.set(39, code.as_str());
    out
}

/// What a chip signed, and its cryptogram, read back from F55.
fn signed_of(f55: &str) -> Option<(Signed, [u8; 8])> {
    fn bytes<const N: usize>(f55: &str, name: &str) -> Option<[u8; N]> {
        let mut out = [0; N];
        hex::decode_to_slice(tag(f55, name)?, &mut out).ok()?;
        Some(out)
    }
    let signed = Signed {
        amount: tag(f55, "9F02")?.parse().ok()?,
        tvr: bytes(f55, "95")?,
        date: bytes(f55, "9A")?,
        kind: u8::from_be_bytes(bytes(f55, "9C")?),
        unpredictable: bytes(f55, "9F37")?,
        atc: u16::from_be_bytes(bytes(f55, "9F36")?),
    };
    Some((signed, bytes(f55, "9F26")?))
}
