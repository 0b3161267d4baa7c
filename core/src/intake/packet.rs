//! Network headers around a captured message: Ethernet, IPv4, IPv6, TCP, UDP.
//!
//! Packet dumps hold the whole packet. The headers are removed only when their own lengths add
//! up, so that no message is ever cut by accident.

use super::{Content, Form, Intake, Note, NoteCode};

/// Removes the headers from every message that has them.
pub(super) fn strip(mut read: Intake) -> Intake {
    for item in &mut read.items {
        if matches!(item.form, Form::IsoText | Form::Json | Form::IsoMsg) {
            continue;
        }
        let Content::Bytes(octets) = &mut item.content else {
            continue;
        };
        let Some((start, end)) = payload(&octets.bytes) else {
            continue;
        };
        octets.cut(start..end);
        read.notes.push(Note {
            code: NoteCode::PacketHeaders,
            chars: item.chars.clone(),
            count: start,
        });
    }
    read
}

/// Where the payload of the packet starts and ends.
fn payload(packet: &[u8]) -> Option<(usize, usize)> {
    // Bare IP, BSD loopback, Ethernet, Ethernet with VLAN, Linux cooked.
    [0usize, 4, 14, 18, 16].into_iter().find_map(|link| {
        let ip = packet.get(link..)?;
        let (skip, total) = ipv4(ip).or_else(|| ipv6(ip))?;
        let transport = ip.get(skip.0..total)?;
        let header = match skip.1 {
            6 => usize::from(transport.get(12)? >> 4) * 4,
            17 => 8,
            _ => return None,
        };
        let (start, end) = (link + skip.0 + header, link + total);
        let padding = packet.len().checked_sub(end)?;
        (header >= 8 && start < end && (padding == 0 || (link >= 14 && padding <= 46)))
            .then_some((start, end))
    })
}

/// Header length, protocol, and total length of an IPv4 packet with a correct checksum.
fn ipv4(ip: &[u8]) -> Option<((usize, u8), usize)> {
    let header = usize::from(ip.first()? & 15) * 4;
    let total = usize::from(u16::from_be_bytes([*ip.get(2)?, *ip.get(3)?]));
    let sum = ip
        .get(..header)?
        .chunks_exact(2)
        .fold(0u32, |sum, pair| match *pair {
            [a, b] => sum + u32::from(u16::from_be_bytes([a, b])),
            _ => sum,
        });
    let folded = (sum & 0xffff) + (sum >> 16);
    let right = folded == 0xffff || ip.get(10..12) == Some(&[0, 0]);
    (ip.first()? >> 4 == 4 && header >= 20 && right).then_some(((header, *ip.get(9)?), total))
}

fn ipv6(ip: &[u8]) -> Option<((usize, u8), usize)> {
    let payload = usize::from(u16::from_be_bytes([*ip.get(4)?, *ip.get(5)?]));
    let next = *ip.get(6)?;
    (ip.first()? >> 4 == 6 && ip.get(7).is_some_and(|hops| *hops > 0) && matches!(next, 6 | 17))
        .then_some(((40, next), 40 + payload))
}
