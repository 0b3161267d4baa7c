//! `poslab encode`: fields become bytes.

use crate::fail::{Fail, print};
use crate::message_keys::{MessageKeys, Ready};
use crate::secret::Source;
use crate::source::{Input, Speech, builtin_named, set};
use poslab_core::bytes::{Charset, to_hex};
use poslab_core::codec::{Draft, Value, pack};
use poslab_core::crypto::pin::Pin;
use poslab_core::frame::{FramePart, Framing, Length, LengthCoding};
use poslab_core::intake::{Content, FieldEntry, FieldValue, Fields, decode_hex, read_bytes};
use poslab_core::spec::{Coding, Dialect};
use poslab_core::view::secure::{SecureError, carries, fill_mac, fill_pin, mac_field};
use std::process::ExitCode;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Pack fields into a message: the inverse of decode.
///
/// Takes the JSON that decode prints (with --reveal), a plain {"mti","fields"}, JSON lines, or
/// jPOS <isomsg> XML. Lengths, bitmap and padding are made anew; the frame comes from the JSON or
/// from --frame with --tpdu and --header.
///
/// Examples:
///
///   poslab decode --format json --reveal sale.hex | poslab encode
///   echo '{"mti":"0800","fields":{"11":"000001"}}' | poslab encode --dialect unionpay-pos
///
///   poslab encode --dialect unionpay-pos --keys keys.json --pin @pin.txt sale.json
///
/// With --mak or --keys the last field gets its MAC, in every message of the dialect that has
/// one; with --pin and --pik or --keys, DE52 gets the PIN block.
///
/// Exit code: 0 all packed, 1 a value does not fit the dialect, 3 no fields in the input.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Encode {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    speech: Speech,
    #[command(flatten)]
    keys: MessageKeys,
    /// PIN key in hex: @FILE, - or fd:N
    #[arg(long, value_name = "SECRET", help_heading = "Keys", requires = "pin")]
    pik: Option<Source>,
    /// The PIN for DE52: @FILE, - or fd:N
    #[arg(long, value_name = "SECRET", help_heading = "Keys")]
    pin: Option<Source>,
    /// The TPDU as ten hex digits
    #[arg(long, value_name = "HEX")]
    tpdu: Option<String>,
    /// The header as hex
    #[arg(long, value_name = "HEX")]
    header: Option<String>,
    /// The form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Hex digits, one message a line
    #[default]
    Hex,
    /// The bytes
    Raw,
}

impl Encode {
    /// Packs and gives the exit code.
    pub fn run(self) -> ExitCode {
        match self.encode() {
            Ok(code) => code,
            Err(fail) => fail.report(false),
        }
    }

    fn encode(&self) -> Result<ExitCode, Fail> {
        let read = read_bytes(&self.input.read()?)
            .map_err(|unread| Fail::Undecodable(unread.slug(), unread.to_string()))?;
        let speaking = self.speech.resolve()?;
        let secrets = Secrets::read(self)?;
        let (mut out, mut code) = (Vec::new(), ExitCode::SUCCESS);
        for item in &read.items {
            let Content::Fields(fields) = &item.content else {
                let words = format!(
                    "line {}: these are bytes already; decode reads them",
                    item.line
                );
                return Err(Fail::Undecodable("not-fields", words));
            };
            let dialect = match (speaking.dialect_of(fields), &fields.dialect) {
                (Some(dialect), _) => dialect,
                (None, Some(name)) => builtin_named(name)?,
                (None, None) => {
                    return Err(Fail::Usage(
                        "the fields name no dialect: give --dialect or --spec".into(),
                    ));
                }
            };
            let dialect = bent(dialect, &fields.set)?;
            match self.message(fields, &dialect, speaking.named_framing(), &secrets) {
                Ok(bytes) if self.format == Format::Raw => out.extend(bytes),
                Ok(bytes) => out.extend(format!("{}\n", to_hex(&bytes)).into_bytes()),
                Err(Problem::Value(words)) => {
                    eprintln!("poslab: {words}");
                    code = ExitCode::from(crate::fail::NEGATIVE);
                }
                Err(Problem::Usage(words)) => return Err(Fail::Usage(words)),
            }
        }
        print(&out)?;
        Ok(code)
    }

    fn message(
        &self,
        fields: &Fields,
        dialect: &Arc<Dialect>,
        named: Option<&Framing>,
        secrets: &Secrets,
    ) -> Result<Vec<u8>, Problem> {
        let mti = fields
            .mti
            .as_deref()
            .ok_or_else(|| Problem::Value("the fields have no \"mti\"".into()))?;
        let mut draft = Draft::new(mti);
        draft.keep_bitmaps(bitmaps(fields));
        for entry in &fields.entries {
            let de: u8 = entry
                .id
                .parse()
                .map_err(|_| Problem::Value(format!("\"{}\" is no field number", entry.id)))?;
            let coding = dialect.wire(de).map(|wire| wire.coding);
            draft.set(de, value(entry, &format!("DE{de}"), coding)?);
        }
        let mut bare = (**dialect).clone();
        bare.header_bytes = 0;
        secrets.fill(&bare, &mut draft)?;
        let body = pack(&bare, &draft).map_err(|error| Problem::Value(error.to_string()))?;
        self.wrap(fields, dialect, named, &body)
    }

    /// Puts the frame around: the one that is named, else the one that the fields came in.
    fn wrap(
        &self,
        fields: &Fields,
        dialect: &Dialect,
        named: Option<&Framing>,
        body: &[u8],
    ) -> Result<Vec<u8>, Problem> {
        let tpdu = self.tpdu.clone().or_else(|| fields.tpdu.clone());
        let header = self.header.clone().or_else(|| fields.header.clone());
        let hex = |text: &Option<String>, what: &str| -> Result<Option<Vec<u8>>, Problem> {
            let Some(text) = text else { return Ok(None) };
            let mut bytes = Vec::new();
            decode_hex(text.as_bytes(), &mut bytes)
                .map_err(|at| Problem::Usage(format!("{what}: no hex digit at {at}")))?;
            Ok(Some(bytes))
        };
        let (tpdu, header) = (hex(&tpdu, "--tpdu")?, hex(&header, "--header")?);
        let framing = named
            .cloned()
            .unwrap_or_else(|| came_in(fields, dialect, tpdu.as_deref(), header.as_deref()));
        let mut bytes_of = |part: FramePart| match part {
            FramePart::Tpdu => tpdu.clone(),
            FramePart::Length(_) => None,
            _ => header.clone(),
        };
        framing.wrap(body, &mut bytes_of).map_err(|part| {
            Problem::Usage(format!(
                "the frame part {part} needs bytes of its length: give --tpdu or --header"
            ))
        })
    }
}

/// What is filled into every message.
struct Secrets {
    keys: Option<Ready>,
    pik: Option<Zeroizing<Vec<u8>>>,
    pin: Option<Pin>,
}

impl Secrets {
    fn read(encode: &Encode) -> Result<Self, Fail> {
        let on_stdin = encode.input.is_stdin();
        let asked = [&encode.pik, &encode.pin].into_iter().flatten();
        if on_stdin && asked.clone().any(Source::is_stdin) {
            let words = "standard input holds the message: give the secret as @FILE or fd:N";
            return Err(Fail::Usage(words.to_owned()));
        }
        let keys = &encode.keys;
        let pik = encode.pik.as_ref().map(|pik| keys.hex("pik", pik));
        let pin = encode.pin.as_ref().map(|pin| {
            let text = pin.named("pin", keys.test_data)?;
            Pin::new(&text).map_err(|error| Fail::Usage(format!("--pin: {error}")))
        });
        let ready = keys.read(on_stdin)?;
        Ok(Self {
            pik: pik.transpose()?,
            pin: pin.transpose()?,
            keys: ready,
        })
    }

    /// The PIN block first: the MAC covers it.
    fn fill(&self, dialect: &Dialect, draft: &mut Draft<'_>) -> Result<(), Problem> {
        let refuse = |error: SecureError| Problem::Value(error.to_string());
        let terminal = draft.get(41).map(str::to_owned);
        let cipher = self.keys.as_ref().and_then(|keys| keys.cipher);
        let of_ring = |role: &str| match &self.keys {
            Some(keys) => keys.of_ring(role, terminal.as_deref()),
            None => Err(Fail::Usage("--pik is missing, or --keys".to_owned())),
        };
        if let Some(pin) = &self.pin
            && carries(dialect, draft, 52).map_err(refuse)?
        {
            let pik = match &self.pik {
                Some(pik) => pik.clone(),
                None => of_ring("PIK").map_err(|fail| Problem::Usage(fail.to_string()))?,
            };
            fill_pin(dialect, draft, &pik, cipher, pin).map_err(refuse)?;
        }
        if let Some(keys) = &self.keys
            && carries(dialect, draft, mac_field(draft)).map_err(refuse)?
        {
            let mak = keys.mak(terminal.as_deref());
            let mak = mak.map_err(|fail| Problem::Usage(fail.to_string()))?;
            fill_mac(dialect, draft, &mak, cipher).map_err(refuse)?;
        }
        Ok(())
    }
}

/// Why a message cannot be packed.
enum Problem {
    Value(String),
    Usage(String),
}

/// The dialect as it was bent when the message was read.
fn bent(dialect: Arc<Dialect>, changes: &[String]) -> Result<Arc<Dialect>, Fail> {
    let mut dialect = dialect;
    for words in changes {
        set(Arc::make_mut(&mut dialect), words)?;
    }
    Ok(dialect)
}

/// How many bitmaps there were, when the last of them announces no field: only then does nothing
/// else say that it was there.
fn bitmaps(fields: &Fields) -> u8 {
    let hex = fields.bitmap.as_deref().unwrap_or_default();
    match (hex.len() / 16, hex.get(hex.len().saturating_sub(16)..)) {
        (blocks @ 2..=3, Some(last)) if last.bytes().all(|digit| digit == b'0') => {
            u8::try_from(blocks).unwrap_or(0)
        }
        _ => 0,
    }
}

fn came_in(
    fields: &Fields,
    dialect: &Dialect,
    tpdu: Option<&[u8]>,
    header: Option<&[u8]>,
) -> Framing {
    if let Some(framing) = fields.framing.as_ref().and_then(|words| words.parse().ok()) {
        return framing;
    }
    let mut parts = Vec::new();
    if fields.length {
        let usual = dialect.frame.first().and_then(|word| word.parse().ok());
        let length = Length {
            coding: LengthCoding::Be2,
            inclusive: false,
        };
        parts.push(match usual {
            Some(part @ FramePart::Length(_)) => part,
            _ => FramePart::Length(length),
        });
    }
    if tpdu.is_some() {
        parts.push(FramePart::Tpdu);
    }
    if let Some(header) = header {
        parts.push(match header {
            [b'I', b'S', b'O', ..] if header.len() == 12 => FramePart::IsoText,
            [22, ..] if header.len() == 22 => FramePart::Base1,
            _ if header.len() == 6 => FramePart::Header6,
            _ => FramePart::Fixed(u16::try_from(header.len()).unwrap_or(u16::MAX)),
        });
    }
    Framing { parts }
}

fn value(
    entry: &FieldEntry,
    path: &str,
    coding: Option<Coding>,
) -> Result<Value<'static>, Problem> {
    let text = match &entry.value {
        FieldValue::Nested(nested) => {
            let parts = nested.iter().map(|part| {
                let path = format!("{path}.{}", part.id);
                Ok((part.id.clone(), value(part, &path, None)?))
            });
            return Ok(Value::Parts(parts.collect::<Result<_, _>>()?));
        }
        // Bytes for a field of characters are those characters.
        FieldValue::Binary(hex) => match coding {
            Some(Coding::Chars(charset)) => characters(hex, charset),
            _ => hex.clone(),
        },
        FieldValue::Text(text) if text.contains("**") => {
            return Err(Problem::Value(format!(
                "{path} is masked; decode it with --reveal"
            )));
        }
        FieldValue::Text(text) if coding == Some(Coding::Bcd) => text.replacen('=', "D", 1),
        FieldValue::Text(text) => text.clone(),
    };
    Ok(Value::from(text))
}

fn characters(hex: &str, charset: Charset) -> String {
    let mut bytes = Vec::new();
    match decode_hex(hex.as_bytes(), &mut bytes) {
        Ok(()) => charset.decode(&bytes),
        Err(_) => hex.to_owned(),
    }
}
