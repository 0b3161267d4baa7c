//! Where the amount stands in a frame: what a flipped bit hurts most.

use super::stage::Configs;
use crate::codec;
use crate::node::{NodeId, wire};
use crate::spec::Dialect;

/// The offset of the last byte of F4 in a frame that left `from`.
pub(super) fn amount(frame: &[u8], from: NodeId, configs: &Configs) -> Option<usize> {
    let front_end = &configs.front_end;
    let (dialect, body, start): (&Dialect, &[u8], usize) = match wire::unwrap_pos(frame) {
        Some(pos) if !matches!(from, NodeId::Switch | NodeId::Issuer) => {
            (&front_end.pos, pos.body, 13)
        }
        _ => (&front_end.switch, wire::unwrap_switch(frame)?, 4),
    };
    let message = codec::unpack(dialect, body).ok()?;
    Some(start + message.span(4)?.end - 1)
}
