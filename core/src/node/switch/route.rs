//! Which channel a card's trade takes: static rules first, then what lately worked.

use serde::Serialize;

/// One of the channels to an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// The direct line.
    Direct,
    /// The line through a partner.
    Partner,
}

/// A line of the routing table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Route {
    /// First digits of the PANs it is for.
    pub prefix: String,
    /// The channel.
    pub channel: Channel,
    /// Lower goes first.
    pub priority: u8,
    /// Cost of a trade in fen; decides between equal priorities.
    pub cost: u16,
    /// The largest amount it takes, in fen; 0 for any.
    pub limit: u64,
}

/// Success of the last trades of each channel.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    direct: Vec<bool>,
    partner: Vec<bool>,
}

/// How many trades the dynamic rule looks back on.
const WINDOW: usize = 20;
/// A channel below this many successes in a hundred goes last.
const POOR: usize = 50;

impl Statistics {
    /// Notes whether a trade on `channel` was answered.
    pub fn note(&mut self, channel: Channel, answered: bool) {
        let list = match channel {
            Channel::Direct => &mut self.direct,
            Channel::Partner => &mut self.partner,
        };
        if list.len() == WINDOW {
            list.remove(0);
        }
        list.push(answered);
    }

    /// Whether the channel answered less than half of its last trades.
    pub fn poor(&self, channel: Channel) -> bool {
        let list = match channel {
            Channel::Direct => &self.direct,
            Channel::Partner => &self.partner,
        };
        let good = list.iter().filter(|ok| **ok).count();
        list.len() >= 4 && good * 100 < list.len() * POOR
    }
}

/// The channel for a trade: the longest prefix, then whatever works, then priority, then cost;
/// `tried` is out of the question.
pub fn choose(
    routes: &[Route],
    statistics: &Statistics,
    pan: &str,
    amount: u64,
    tried: Option<Channel>,
) -> Option<Channel> {
    let fits = |r: &&Route| {
        let limit = r.limit == 0 || amount <= r.limit;
        pan.starts_with(&r.prefix) && limit && Some(r.channel) != tried
    };
    let longest = routes.iter().filter(fits).map(|r| r.prefix.len()).max()?;
    routes
        .iter()
        .filter(fits)
        .filter(|r| r.prefix.len() == longest)
        .min_by_key(|r| (statistics.poor(r.channel), r.priority, r.cost))
        .map(|r| r.channel)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(prefix: &str, channel: Channel, priority: u8, cost: u16, limit: u64) -> Route {
        Route {
            prefix: prefix.into(),
            channel,
            priority,
            cost,
            limit,
        }
    }

    #[test]
    fn static_rules_then_dynamic_ones() {
        let routes = [
            route("99999", Channel::Direct, 1, 9, 0),
            route("99999", Channel::Partner, 1, 12, 0),
            route("9999980", Channel::Partner, 1, 1, 1000),
        ];
        let mut s = Statistics::default();
        assert_eq!(
            choose(&routes, &s, "9999901", 1, None),
            Some(Channel::Direct)
        );
        assert_eq!(
            choose(&routes, &s, "9999980", 1, None),
            Some(Channel::Partner)
        );
        assert_eq!(
            choose(&routes, &s, "9999980", 1001, None),
            Some(Channel::Direct)
        );
        assert_eq!(choose(&routes, &s, "4111", 1, None), None);
        let other = choose(&routes, &s, "9999901", 1, Some(Channel::Direct));
        assert_eq!(other, Some(Channel::Partner));
        (0..4).for_each(|_| s.note(Channel::Direct, false));
        assert_eq!(
            choose(&routes, &s, "9999901", 1, None),
            Some(Channel::Partner)
        );
    }
}
