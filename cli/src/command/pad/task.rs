//! The verbs that ask a pad for one thing: information, text, a key, a PIN, a MAC, a key loaded.

use super::Cable;
use super::out::{Failure, outcome, say, with};
use super::ring::Ring;
use super::talk::perform;
use crate::secret::Source;
use poslab_core::pad::Task;
use poslab_core::pad::session::{Load, MacTask, PinTask, Under};
use zeroize::Zeroizing;

/// Ask a pad what it is and which keys it holds; changes nothing
#[derive(clap::Args)]
pub(super) struct Info {
    #[command(flatten)]
    pub(super) cable: Cable,
}

impl Info {
    pub(super) fn run(self) -> Result<(), Failure> {
        outcome(
            "info",
            self.cable.show.format,
            &perform(&self.cable, Task::Info)?,
        )
    }
}

/// Show text on the pad; `\n` begins a line
#[derive(clap::Args)]
pub(super) struct Display {
    /// The text
    text: String,
    #[command(flatten)]
    pub(super) cable: Cable,
}

impl Display {
    pub(super) fn run(self) -> Result<(), Failure> {
        let task = Task::Display(self.text.replace("\\n", "\n"));
        outcome(
            "display",
            self.cable.show.format,
            &perform(&self.cable, task)?,
        )
    }
}

/// Wait for one key that is no secret
#[derive(clap::Args)]
pub(super) struct Key {
    /// How long the person has
    #[arg(long, default_value_t = 30)]
    seconds: u8,
    #[command(flatten)]
    pub(super) cable: Cable,
}

impl Key {
    pub(super) fn run(self) -> Result<(), Failure> {
        let task = Task::Key {
            seconds: self.seconds,
        };
        outcome("key", self.cable.show.format, &perform(&self.cable, task)?)
    }
}

/// What is wrong with the command line, in the language of the moment.
fn usage(en: &'static str, zh: &'static str) -> Failure {
    Failure::Usage(say(en, zh).to_owned())
}

/// Which of the pad's keys works.
#[derive(clap::Args)]
struct Which {
    /// The number of the master key
    #[arg(long, value_name = "N")]
    master: Option<u8>,
    /// The working key, in hex, enciphered under the master key (so no secret)
    #[arg(long, value_name = "HEX", requires = "master", conflicts_with_all = ["dukpt", "stored"])]
    working_key: Option<String>,
    /// EPP: the number of a working key that stands in the pad
    #[arg(long, value_name = "N", requires = "master", conflicts_with = "dukpt")]
    stored: Option<u8>,
    /// The number of a DUKPT register
    #[arg(long, value_name = "N", conflicts_with = "master")]
    dukpt: Option<u8>,
    #[command(flatten)]
    ring: Ring,
}

impl Which {
    /// The key that works: one that is named, or the ring's of this role under the ring's TMK,
    /// which is the pad's master key.
    fn under(&self, role: &str) -> Result<Under, Failure> {
        match (self.master, &self.working_key, self.stored, self.dukpt) {
            (Some(master), None, None, None) if self.ring.keys.is_some() => {
                let wrapped = self.ring.wrapped(role)?.unwrap_or_default();
                Ok(Under::Sent { master, wrapped })
            }
            (Some(master), Some(hex), None, None) => {
                let wrapped = hex::decode(hex.trim())
                    .map_err(|_| usage("--working-key is not hex", "--working-key 不是十六进制"))?;
                Ok(Under::Sent { master, wrapped })
            }
            (Some(master), None, Some(slot), None) => Ok(Under::Stored { master, slot }),
            (None, None, None, Some(index)) => Ok(Under::Dukpt { index }),
            _ => Err(usage(
                "say which key: --master N --working-key HEX, --master N --keys FILE, \
                 --master N --stored N, or --dukpt N",
                "请指明密钥：--master N --working-key HEX、--master N --keys FILE、\
                 --master N --stored N 或 --dukpt N",
            )),
        }
    }
}

/// Ask for a PIN and print its enciphered block
///
/// Example, with the published test keys of the emulator:
///
///   poslab pad pin --port /dev/pts/5 --protocol abecs --test-data --account 4012345678909 \
///     --master 0 --working-key 3EB3B72576BBBE835601104F2DF94405
///
/// With --keys, the working key is the terminal's PIK of the ring, sent under its TMK.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Pin {
    /// The account number: @FILE, -, fd:N, or a literal with --test-data
    #[arg(long, value_name = "SECRET")]
    account: Source,
    /// Secrets may be literals: they are published test values
    #[arg(long)]
    test_data: bool,
    #[command(flatten)]
    which: Which,
    /// Least digits
    #[arg(long, default_value_t = 4)]
    min: u8,
    /// Most digits
    #[arg(long, default_value_t = 12)]
    max: u8,
    /// How long the person has
    #[arg(long, default_value_t = 60)]
    seconds: u8,
    /// What stands on the display, where the family allows it
    #[arg(long, default_value = "")]
    prompt: String,
    #[command(flatten)]
    pub(super) cable: Cable,
}

impl Pin {
    pub(super) fn run(self) -> Result<(), Failure> {
        let account = self.account.read(self.test_data)?;
        let task = Task::Pin(PinTask {
            account: account.to_string(),
            under: self.which.under("PIK")?,
            min: self.min,
            max: self.max,
            seconds: self.seconds,
            prompt: self.prompt.replace("\\n", "\n"),
        });
        outcome("pin", self.cable.show.format, &perform(&self.cable, task)?)
    }
}

/// Compute a MAC inside the pad
///
/// With --keys, the working key is the terminal's MAK of the ring, sent under its TMK.
#[derive(clap::Args)]
pub(super) struct Mac {
    /// The bytes, in hex; filled up with zeros to whole blocks
    #[arg(long, value_name = "HEX")]
    data: String,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    pub(super) cable: Cable,
}

impl Mac {
    pub(super) fn run(self) -> Result<(), Failure> {
        let data = hex::decode(self.data.trim())
            .map_err(|_| usage("--data is not hex", "--data 不是十六进制"))?;
        let task = Task::Mac(MacTask {
            under: self.which.under("MAK")?,
            data,
        });
        outcome("mac", self.cable.show.format, &perform(&self.cable, task)?)
    }
}

/// What is loaded.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// A master key, in clear
    Master,
    /// A working key, enciphered under a master key (EPP)
    Working,
    /// A DUKPT register: initial key and serial number (VISA)
    Dukpt,
    /// No key: erase all of them (EPP)
    Wipe,
}

/// Load a key into the pad, or erase all keys: changes the pad for good
///
/// Real pads may refuse clear keys, or lose the keys they have. `--confirm` must repeat the port.
///
/// Example:
///
///   poslab pad load-key master --slot 0 --key @mk.hex --port /dev/pts/5 --protocol visa \
///     --confirm /dev/pts/5
///
/// With --keys instead of --key: master is the TMK of the ring, working its PIK (or --role)
/// enciphered under that TMK, dukpt its IK with its KSN.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct LoadKey {
    /// What to load
    #[arg(value_enum)]
    what: What,
    /// Where to: the number of the master key, working key or register
    #[arg(long, default_value_t = 0)]
    slot: u8,
    /// The master key that a working key is enciphered under
    #[arg(long, default_value_t = 0)]
    master: u8,
    /// The key in hex: @FILE, -, fd:N, or a literal with --test-data
    #[arg(long, value_name = "SECRET", conflicts_with = "keys")]
    key: Option<Source>,
    #[command(flatten)]
    ring: Ring,
    /// Which working key of the ring: PIK, MAK or TDK
    #[arg(long, value_name = "ROLE", default_value = "PIK", requires = "keys")]
    role: String,
    /// The serial number of a DUKPT register, 20 hex digits
    #[arg(long, value_name = "HEX")]
    ksn: Option<String>,
    /// Secrets may be literals: they are published test values
    #[arg(long)]
    test_data: bool,
    /// The port again, typed out: without it nothing is sent
    #[arg(long, value_name = "PORT")]
    confirm: Option<String>,
    #[command(flatten)]
    pub(super) cable: Cable,
}

impl LoadKey {
    pub(super) fn run(self) -> Result<(), Failure> {
        if self.confirm.as_deref() != Some(self.cable.port.as_str()) {
            return Err(Failure::Usage(with(
                "this changes the keys of the pad on {port}; to go on, add --confirm {port}",
                "这会更改 {port} 上键盘的密钥；如需继续，请加 --confirm {port}",
                &[("port", &self.cable.port)],
            )));
        }
        let task = Task::Load(self.load()?);
        outcome(
            "load-key",
            self.cable.show.format,
            &perform(&self.cable, task)?,
        )
    }

    fn load(&self) -> Result<Load, Failure> {
        if self.what == What::Wipe {
            return Ok(Load::Wipe);
        }
        let key = self.key()?;
        match self.what {
            What::Master => Ok(Load::Master {
                slot: self.slot,
                key,
            }),
            What::Working => Ok(Load::Working {
                master: self.master,
                slot: self.slot,
                wrapped: key.to_vec(),
            }),
            What::Dukpt => {
                let ksn = match &self.ksn {
                    Some(ksn) => hex::decode(ksn).ok(),
                    None => self.ring.key("KSN")?.map(|ksn| ksn.to_vec()),
                };
                let ksn = ksn.and_then(|ksn| ksn.try_into().ok());
                let initial = <[u8; 16]>::try_from(key.as_slice())
                    .ok()
                    .map(Zeroizing::new);
                match (initial, ksn) {
                    (Some(initial), Some(ksn)) => Ok(Load::Dukpt {
                        register: self.slot,
                        initial,
                        ksn,
                    }),
                    _ => Err(usage(
                        "a register takes a key of 16 bytes and --ksn of 10 bytes",
                        "DUKPT 引擎需要 16 字节密钥和 10 字节 --ksn",
                    )),
                }
            }
            What::Wipe => Ok(Load::Wipe),
        }
    }

    /// The key of the command line, or of the ring.
    fn key(&self) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let of_ring = match self.what {
            What::Master => self.ring.key("TMK")?,
            What::Working => self.ring.wrapped(&self.role)?.map(Zeroizing::new),
            What::Dukpt => self.ring.key("IK")?,
            What::Wipe => None,
        };
        if let Some(key) = of_ring {
            return Ok(key);
        }
        let missing = || usage("--key is missing, or --keys", "缺少 --key 或 --keys");
        let text = self.key.as_ref().ok_or_else(missing)?;
        let text = text.read(self.test_data)?;
        let key = hex::decode(text.as_bytes())
            .map_err(|_| usage("the key is not hex", "密钥不是十六进制"))?;
        Ok(Zeroizing::new(key))
    }
}
