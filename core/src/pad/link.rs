//! How a conversation with a pad can fail, the same words for every family.

use crate::pad::Millis;
use crate::words::Lang;
use std::fmt;

/// Why a request did not get its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkError {
    /// Nothing came back at all.
    NoAnswer {
        /// What was waited for: `ack`, `eot`, `reply`.
        awaited: &'static str,
        /// How long, over all attempts.
        waited_ms: Millis,
    },
    /// The pad refused the frame (NAK) every time.
    Refused {
        /// How often it was sent.
        times: u8,
    },
    /// The answers came with a wrong check every time.
    Garbled {
        /// How many were thrown away.
        times: u8,
    },
    /// The pad ended the session (EOT).
    Ended,
    /// The host gave up on purpose.
    Cancelled,
    /// The secure channel's answer could not be opened.
    SecureChannel,
}

impl LinkError {
    /// The error as a sentence.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NoAnswer { awaited, waited_ms }, Lang::En) => {
                format!("no {awaited} from the pad in {waited_ms} ms")
            }
            (Self::NoAnswer { awaited, waited_ms }, Lang::Zh) => {
                format!("{waited_ms} 毫秒内没有收到密码键盘的 {awaited}")
            }
            (Self::Refused { times }, Lang::En) => {
                format!("the pad refused the frame {times} times (NAK)")
            }
            (Self::Refused { times }, Lang::Zh) => format!("密码键盘 {times} 次拒收报文（NAK）"),
            (Self::Garbled { times }, Lang::En) => {
                format!("{times} answers had a wrong check; wrong speed or parity?")
            }
            (Self::Garbled { times }, Lang::Zh) => {
                format!("{times} 个应答校验不符；速率或校验位不对？")
            }
            (Self::Ended, Lang::En) => "the pad ended the session (EOT)".to_owned(),
            (Self::Ended, Lang::Zh) => "密码键盘结束了会话（EOT）".to_owned(),
            (Self::Cancelled, Lang::En) => "cancelled".to_owned(),
            (Self::Cancelled, Lang::Zh) => "已取消".to_owned(),
            (Self::SecureChannel, Lang::En) => {
                "the secure channel's answer could not be opened".to_owned()
            }
            (Self::SecureChannel, Lang::Zh) => "无法解开安全通道的应答".to_owned(),
        }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for LinkError {}
