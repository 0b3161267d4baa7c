//! The stage: cast, keys and dialects made ready once, from which any number of worlds are built.

use super::needles::Needles;
use super::scenario::WorldSpec;
use crate::bytes::to_hex;
use crate::data::text_file;
use crate::node::card::CardProfile;
use crate::node::clearing::ClearingConfig;
use crate::node::front_end::{FrontEndConfig, Registered};
use crate::node::issuer::{AccountConfig, CardStatus, IssuerConfig};
use crate::node::nac::NacConfig;
use crate::node::switch::{Channel, LinkKeys, Route, SwitchConfig};
use crate::node::terminal::TerminalConfig;
use crate::node::vault::{self, BlockKey, CardKey, ClearKeys, MacKey};
use crate::node::{PinChoice, Settings};
use crate::pad::secure::Vault;
use crate::spec::{Dialect, builtin};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// The network address of the front end.
pub const NII: u16 = 0x0003;
/// The acquirer's institution code.
pub const ACQUIRER: &str = "48010000";

#[derive(Deserialize)]
struct CastFile {
    cards: Vec<CardFile>,
}

#[derive(Deserialize)]
struct CardFile {
    name: String,
    title: Bilingual,
    pan: String,
    sequence: String,
    expiry: String,
    service: String,
    aid: String,
    org: String,
    status: CardStatus,
    opening: i64,
    overdraft: i64,
    limit: u64,
    partial: bool,
    #[serde(default)]
    script: Option<u64>,
    pin: String,
}

#[derive(Deserialize)]
struct KeysFile {
    terminals: Vec<TerminalFile>,
    links: LinksFile,
    issuer: IssuerFile,
}

#[derive(Deserialize)]
struct TerminalFile {
    tid: String,
    mid: String,
    tmk: String,
    first: Option<FirstFile>,
}

#[derive(Deserialize)]
struct FirstFile {
    pik: String,
    mak: String,
    tdk: String,
}

#[derive(Deserialize)]
struct LinksFile {
    acquirer: LinkFile,
    issuer: LinkFile,
}

#[derive(Deserialize)]
struct LinkFile {
    zpk: String,
    zak: String,
}

#[derive(Deserialize)]
struct IssuerFile {
    pvk: String,
    cvk: String,
    imk: String,
}

/// A person with a card.
#[derive(Clone)]
pub struct Holder {
    /// The card.
    pub profile: Arc<CardProfile>,
    /// Title of the card in both languages.
    pub title: Bilingual,
    /// Opening balance in fen.
    pub opening: i64,
    pin: Vec<u8>,
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Holder({})", self.profile.name)
    }
}

impl Holder {
    /// The digits this holder types: right, or the k-th wrong PIN.
    pub(super) fn types(&self, choice: PinChoice, entry: u8) -> Option<Vec<u8>> {
        let wrong = |k: u8| self.pin.iter().map(|d| (d + 1 + k % 9) % 10).collect();
        match choice {
            PinChoice::Right => Some(self.pin.clone()),
            PinChoice::Wrong(k) => Some(wrong(k)),
            PinChoice::WrongThenRight if entry == 0 => Some(wrong(0)),
            PinChoice::WrongThenRight => Some(self.pin.clone()),
            PinChoice::Cancel | PinChoice::None => None,
        }
    }

    /// The PIN in digits: what the card's story tells whoever plays the holder. Never in a trace.
    pub fn knows(&self) -> String {
        self.pin
            .iter()
            .map(|digit| char::from(b'0' + digit % 10))
            .collect()
    }

    /// Maps what a person typed in a live run to a choice a script may keep: never the digits.
    pub fn choice_of(&self, typed: &[u8]) -> PinChoice {
        if typed == self.pin {
            PinChoice::Right
        } else {
            PinChoice::Wrong(0)
        }
    }
}

/// Keys that somebody brings for a terminal of the stage, in hexadecimal.
#[derive(Clone, Copy)]
pub struct OwnKeys<'a> {
    /// The terminal's master key.
    pub tmk: &'a str,
    /// PIK, MAK and TDK of the first sign-on.
    pub working: Option<[&'a str; 3]>,
}

/// Everything that does not change while worlds run.
#[derive(Clone)]
pub struct Stage {
    /// The holders, in the order of their accounts.
    pub holders: Vec<Holder>,
    pos: Arc<Dialect>,
    switch: Arc<Dialect>,
    terminals: Vec<Registered>,
    masters: Vec<Zeroizing<[u8; 16]>>,
    acquirer: LinkKeys,
    issuer: LinkKeys,
    pvk: BlockKey,
    accounts: Vec<AccountConfig>,
    secrets: Needles,
}

impl fmt::Debug for Stage {
    /// Its keys are kept as octets, to look for them in traces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stage({} holders)", self.holders.len())
    }
}

/// The configurations of the machines of one world.
#[derive(Clone, Debug)]
pub(super) struct Configs {
    pub terminals: Vec<Arc<TerminalConfig>>,
    pub nac: Arc<NacConfig>,
    pub front_end: Arc<FrontEndConfig>,
    pub switch: Arc<SwitchConfig>,
    pub issuer: Arc<IssuerConfig>,
    pub clearing: Arc<ClearingConfig>,
}

/// The stage's own files do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageError {
    /// A file is not what the loader expects.
    File(&'static str),
    /// A dialect is missing.
    Dialect(&'static str),
    /// A key has the wrong length.
    Key(&'static str),
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StageError::File(name) => write!(f, "the file {name} cannot be read"),
            StageError::Dialect(name) => write!(f, "the dialect {name} is missing"),
            StageError::Key(name) => write!(f, "the key {name} has the wrong length"),
        }
    }
}

impl Stage {
    /// The stage that ships with poslab.
    pub fn load() -> Result<Arc<Stage>, StageError> {
        let cast: CastFile = serde_json::from_str(text_file!("scenarios/cast.json").read())
            .map_err(|_| StageError::File("cast.json"))?;
        let keys: KeysFile = serde_json::from_str(text_file!("scenarios/keys.json").read())
            .map_err(|_| StageError::File("keys.json"))?;
        let dialect = |name| builtin(name).ok_or(StageError::Dialect(name));
        let imk = BlockKey::new(&bytes(&keys.issuer.imk, "IMK")?);
        let pvk = BlockKey::new(&bytes(&keys.issuer.pvk, "PVK")?);
        let cvk = Cvk::new(&keys.issuer.cvk)?;
        let mut holders = Vec::new();
        let mut accounts = Vec::new();
        for (i, card) in cast.cards.iter().enumerate() {
            let holder = holder(i as u8, card, &imk, &cvk, &pvk);
            accounts.push(account(card, &holder, &pvk));
            holders.push(holder);
        }
        let mut secrets = Vec::new();
        let (mut terminals, mut masters) = (Vec::new(), Vec::new());
        for t in &keys.terminals {
            masters.push(Zeroizing::new(bytes(&t.tmk, "TMK")?));
            terminals.push(registered(t, &mut secrets)?);
        }
        for holder in &holders {
            secrets.push(vault::pin_block(&holder.pin, &holder.profile.pan).to_vec());
        }
        for text in [
            &keys.links.acquirer.zpk,
            &keys.links.issuer.zpk,
            &keys.issuer.pvk,
            &keys.issuer.imk,
        ] {
            secrets.push(hex::decode(text).unwrap_or_default());
        }
        Ok(Arc::new(Stage {
            holders,
            pos: dialect("unionpay-pos")?,
            switch: dialect("iso8583-1987-ascii")?,
            terminals,
            masters,
            acquirer: link(&keys.links.acquirer)?,
            issuer: link(&keys.links.issuer)?,
            pvk,
            accounts,
            secrets: Needles::of(secrets),
        }))
    }

    /// The same stage with another master key for a terminal, and with other working keys for its
    /// first sign-on, all in hexadecimal; without those they are drawn like all later ones.
    ///
    /// **Errors** [`StageError::Key`] for a key that this terminal cannot hold: TMK, PIK and TDK
    /// have 16 bytes, MAK has 8.
    pub fn with_keys(&self, terminal: usize, keys: OwnKeys<'_>) -> Result<Arc<Stage>, StageError> {
        let mut stage = self.clone();
        let (Some(registered_as), Some(master)) = (
            stage.terminals.get_mut(terminal),
            stage.masters.get_mut(terminal),
        ) else {
            return Err(StageError::Key("TMK"));
        };
        let mut secrets = Vec::new();
        let file = TerminalFile {
            tid: registered_as.tid.clone(),
            mid: registered_as.mid.clone(),
            tmk: keys.tmk.to_owned(),
            first: keys.working.map(|[pik, mak, tdk]| FirstFile {
                pik: pik.to_owned(),
                mak: mak.to_owned(),
                tdk: tdk.to_owned(),
            }),
        };
        *registered_as = registered(&file, &mut secrets)?;
        *master = Zeroizing::new(bytes(keys.tmk, "TMK")?);
        stage.secrets.extend(secrets);
        Ok(Arc::new(stage))
    }

    /// How many terminals are registered.
    pub fn terminals(&self) -> usize {
        self.terminals.len()
    }

    /// The holder of the card with this name.
    pub fn holder(&self, name: &str) -> Option<&Holder> {
        self.holders.iter().find(|h| h.profile.name == name)
    }

    /// Whether clear key or PIN block bytes stand in a frame, raw or as hexadecimal text.
    pub(super) fn leaks(&self, frame: &[u8]) -> bool {
        self.secrets.stand_in(frame)
    }

    /// The keys of the pad on a terminal's cable: its master key, and nothing else yet.
    pub(super) fn vault(&self, terminal: u8, settings: &Settings) -> Option<Vault> {
        let protocol = settings.pad_protocol.family()?;
        let master = self.masters.get(usize::from(terminal))?;
        Some(Vault::with_master(protocol, settings.pad_master, master))
    }

    /// The configurations of a world with so many terminals.
    pub(super) fn configs(&self, world: &WorldSpec, seed: u64) -> Configs {
        let (settings, terminals) = (world.settings(), world.terminals.unwrap_or(1));
        let of = |(k, r): (usize, &Registered)| {
            Arc::new(TerminalConfig {
                index: k as u8,
                tid: r.tid.clone(),
                mid: r.mid.clone(),
                nii: NII,
                port: k as u16 + 1,
                tmk: r.tmk.clone(),
                settings,
                pos: Arc::clone(&self.pos),
            })
        };
        Configs {
            terminals: self
                .terminals
                .iter()
                .enumerate()
                .take(terminals.into())
                .map(of)
                .collect(),
            nac: Arc::new(NacConfig {
                settings,
                routes: world.routes().unwrap_or_default(),
            }),
            front_end: Arc::new(FrontEndConfig {
                terminals: self.terminals.clone(),
                settings,
                pos: Arc::clone(&self.pos),
                switch: Arc::clone(&self.switch),
                zpk: self.acquirer.zpk.clone(),
                zak: self.acquirer.zak.clone(),
                acquirer: ACQUIRER.to_owned(),
                nii: NII,
                seed,
            }),
            switch: Arc::new(SwitchConfig {
                settings,
                dialect: Arc::clone(&self.switch),
                acquirer: self.acquirer.clone(),
                issuer: self.issuer.clone(),
                routes: routes(),
            }),
            issuer: Arc::new(IssuerConfig {
                settings,
                dialect: Arc::clone(&self.switch),
                link: self.issuer.clone(),
                pvk: self.pvk.clone(),
                accounts: self.accounts.clone(),
            }),
            clearing: Arc::new(ClearingConfig {
                mode: settings.settlement,
                merchants: self.terminals.iter().map(|t| t.mid.clone()).collect(),
            }),
        }
    }
}

/// Two channels, so that static and dynamic rules have something to choose.
fn routes() -> Vec<Route> {
    let route = |prefix: &str, channel, priority, cost| Route {
        prefix: prefix.to_owned(),
        channel,
        priority,
        cost,
        limit: 0,
    };
    vec![
        route("99999", Channel::Direct, 1, 8),
        route("99999", Channel::Partner, 2, 12),
        route("999998", Channel::Partner, 1, 20),
    ]
}

struct Cvk {
    a: MacKey,
    ab: BlockKey,
}

impl Cvk {
    fn new(text: &str) -> Result<Self, StageError> {
        let whole: [u8; 16] = bytes(text, "CVK")?;
        let (a, _) = whole
            .split_first_chunk::<8>()
            .ok_or(StageError::Key("CVK"))?;
        Ok(Cvk {
            a: MacKey::new(a),
            ab: BlockKey::new(&whole),
        })
    }
}

fn holder(index: u8, card: &CardFile, imk: &BlockKey, cvk: &Cvk, pvk: &BlockKey) -> Holder {
    let pin: Vec<u8> = card.pin.bytes().map(|b| b.wrapping_sub(b'0')).collect();
    let digits = |d: &[u8]| d.iter().map(|d| char::from(b'0' + d)).collect::<String>();
    let pvv = digits(&vault::pvv(pvk, &card.pan, 1, &pin));
    let cvv = digits(&vault::cvv(
        &cvk.a,
        &cvk.ab,
        &card.pan,
        &card.expiry,
        &card.service,
    ));
    let track2 = format!("{}D{}{}1{pvv}{cvv}0", card.pan, card.expiry, card.service);
    let profile = Arc::new(CardProfile {
        index,
        name: card.name.clone(),
        pan: card.pan.clone(),
        psn: card.sequence.clone(),
        expiry: card.expiry.clone(),
        track2,
        aid: card.aid.clone(),
        org: card.org.clone(),
        key: CardKey::derive(imk, &card.pan, card.sequence.get(1..).unwrap_or("00")),
    });
    Holder {
        profile,
        title: card.title.clone(),
        opening: card.opening,
        pin,
    }
}

fn account(card: &CardFile, holder: &Holder, pvk: &BlockKey) -> AccountConfig {
    AccountConfig {
        pan: card.pan.clone(),
        expiry: card.expiry.clone(),
        status: card.status,
        opening: card.opening,
        overdraft: card.overdraft,
        limit: card.limit,
        partial: card.partial,
        script: card.script,
        pvv: vault::pvv(pvk, &card.pan, 1, &holder.pin),
        org: card.org.clone(),
        key: holder.profile.key.clone(),
    }
}

fn registered(t: &TerminalFile, secrets: &mut Vec<Vec<u8>>) -> Result<Registered, StageError> {
    let clear: [u8; 16] = bytes(&t.tmk, "TMK")?;
    secrets.push(clear.to_vec());
    let tmk = BlockKey::new(&clear);
    let first = match &t.first {
        None => None,
        Some(f) => {
            let keys = ClearKeys {
                pik: bytes(&f.pik, "PIK")?,
                mak: bytes(&f.mak, "MAK")?,
                tdk: bytes(&f.tdk, "TDK")?,
            };
            secrets.extend([keys.pik.to_vec(), keys.mak.to_vec(), keys.tdk.to_vec()]);
            Some(to_hex(&vault::wrap_keys(&tmk, &keys)))
        }
    };
    Ok(Registered {
        tid: t.tid.clone(),
        mid: t.mid.clone(),
        tmk,
        first,
    })
}

fn link(file: &LinkFile) -> Result<LinkKeys, StageError> {
    Ok(LinkKeys {
        zpk: BlockKey::new(&bytes(&file.zpk, "ZPK")?),
        zak: MacKey::new(&bytes(&file.zak, "ZAK")?),
    })
}

fn bytes<const N: usize>(text: &str, name: &'static str) -> Result<[u8; N], StageError> {
    let mut out = [0; N];
    hex::decode_to_slice(text, &mut out).map_err(|_| StageError::Key(name))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_of_the_cast_has_a_valid_number() {
        let stage = Stage::load().expect("the shipped stage");
        for holder in &stage.holders {
            let pan = &holder.profile.pan;
            let sum: u32 = pan
                .bytes()
                .rev()
                .enumerate()
                .map(|(i, b)| {
                    let d = u32::from(b - b'0') * if i % 2 == 1 { 2 } else { 1 };
                    d / 10 + d % 10
                })
                .sum();
            assert_eq!(sum % 10, 0, "{pan}");
            assert!(pan.starts_with("99999"), "{pan}");
        }
    }

    #[test]
    fn a_teaching_pad_has_the_first_terminals_master_key() {
        use crate::node::PadProtocol;
        use crate::pad::Protocol;
        use crate::pad::secure::{Slot, vault::STAGE_MASTER};
        let stage = Stage::load().expect("the shipped stage");
        let settings = Settings {
            pad_protocol: PadProtocol::Visa,
            ..Settings::default()
        };
        let vault = stage.vault(0, &settings).expect("a pad on a cable");
        let slot = Slot::Master(STAGE_MASTER);
        let teaching = Vault::teaching(Protocol::Visa);
        assert!(vault.has(slot) && vault.kcv(slot) == teaching.kcv(slot));
    }

    #[test]
    fn leaks_are_seen_raw_and_as_text() {
        let stage = Stage::load().expect("the shipped stage");
        let holder = stage.holder("lin").expect("of the cast");
        let secret = vault::pin_block(&holder.pin, &holder.profile.pan);
        let mut frame = b"abc".to_vec();
        assert!(!stage.leaks(&frame));
        assert!(stage.leaks(&[&frame[..], &secret].concat()));
        frame.extend(hex::encode_upper(secret).bytes());
        assert!(stage.leaks(&frame));
        frame.pop();
        assert!(!stage.leaks(&frame));
    }
}
