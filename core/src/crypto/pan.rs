//! What the digits of a card number say about themselves: length, check digit, what may be shown.

use super::error::CryptoError;
use super::pin::digits;
use crate::value::Pan;

/// A checked card number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanCheck {
    /// Whether the last digit is the Luhn check digit.
    pub luhn: bool,
    /// The number with as many digits shown as PCI DSS lets a receipt or log keep: the first
    /// eight of sixteen or more, six of fewer, the last four, at least four hidden.
    pub masked: String,
}

/// Checks a card number of 8 to 19 digits.
///
/// **Errors** `PAN_NOT_NUMERIC`, then `PAN_LENGTH`.
pub fn check(pan: &str) -> Result<PanCheck, CryptoError> {
    digits(pan, CryptoError::PanNotNumeric)?;
    let refuse = CryptoError::PanLength { found: pan.len() };
    let luhn = Pan::parse(pan).map_err(|_| refuse)?.luhn_ok();
    let front = if pan.len() >= 16 {
        8
    } else {
        6.min(pan.len().saturating_sub(8))
    };
    let hidden = front..pan.len() - 4;
    let masked = pan.chars().enumerate();
    let masked = masked
        .map(|(at, c)| if hidden.contains(&at) { '*' } else { c })
        .collect();
    Ok(PanCheck { luhn, masked })
}
