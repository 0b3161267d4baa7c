//! The three ways the money of a day reaches the merchants, and when it does.

use crate::node::id::Millis;
use serde::{Deserialize, Serialize};

/// How the money reaches the merchants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettlementMode {
    /// The switch pays the acquirer, a bank, which credits its merchants (收单行清算).
    #[default]
    AcquirerBank,
    /// The acquirer is no bank: its agent bank is paid and pays the merchants (代理清算行).
    AgentBank,
    /// The switch pays each merchant by a small-value credit, the acquirer its fee alone
    /// (小额支付直接贷记商户).
    Direct,
}

/// From the beginning of the world, 09:30, to the midnight after it.
const TO_MIDNIGHT: Millis = (14 * 60 + 30) * 60_000;
const DAY: Millis = 24 * 3_600_000;
const HOUR: Millis = 3_600_000;

/// The first midnight after a moment.
fn midnight_after(at: Millis) -> Millis {
    let days = (at + DAY - TO_MIDNIGHT) / DAY;
    TO_MIDNIGHT + days * DAY
}

impl SettlementMode {
    /// Every mode.
    pub const ALL: [SettlementMode; 3] = [
        SettlementMode::AcquirerBank,
        SettlementMode::AgentBank,
        SettlementMode::Direct,
    ];

    /// When the agent bank has the money of a day that was cut off `at`: 09:00 of the next.
    pub(super) fn funds_agent_at(self, at: Millis) -> Option<Millis> {
        (self == SettlementMode::AgentBank).then(|| midnight_after(at) + 9 * HOUR)
    }

    /// When the merchants have it: 10:00 of the next day, 11:00 through an agent, 09:30 direct.
    pub(super) fn pays_at(self, at: Millis) -> Millis {
        midnight_after(at)
            + match self {
                SettlementMode::AcquirerBank => 10 * HOUR,
                SettlementMode::AgentBank => 11 * HOUR,
                SettlementMode::Direct => 9 * HOUR + HOUR / 2,
            }
    }

    /// The mode in words, English and Chinese.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            SettlementMode::AcquirerBank => ("to the acquirer's bank", "清算至收单行"),
            SettlementMode::AgentBank => ("through an agent bank", "经代理清算行"),
            SettlementMode::Direct => ("direct to the merchant", "小额直接贷记商户"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::clock::civil;

    #[test]
    fn money_comes_the_next_morning() {
        // 23:00 of the first day, and half past midnight of the second.
        for (at, day) in [(13 * HOUR + HOUR / 2, 24), (15 * HOUR, 25)] {
            for (mode, hour, minute) in [
                (SettlementMode::AcquirerBank, 10, 0),
                (SettlementMode::AgentBank, 11, 0),
                (SettlementMode::Direct, 9, 30),
            ] {
                let c = civil(mode.pays_at(at));
                assert_eq!((c.day, c.hour, c.minute), (day, hour, minute));
            }
        }
        let agent = SettlementMode::AgentBank.funds_agent_at(0).map(civil);
        assert_eq!(agent.map(|c| (c.day, c.hour)), Some((24, 9)));
        assert_eq!(SettlementMode::Direct.funds_agent_at(0), None);
    }
}
