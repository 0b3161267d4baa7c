//! What each digit of a PIN block's field is, one sign a digit.

use poslab_core::crypto::working::Form;
use poslab_core::view::working::Shown;

/// The signs under a field: C control, L length, P PIN, F fill, R random, N card number, 0 zeros,
/// M digits of the card number beyond twelve.
pub fn legend(value: &Shown, formula: &str) -> Option<String> {
    if value.form != Form::Hex {
        return None;
    }
    let digits = 2 * value.len();
    match value.name.as_str() {
        "pin_field" if formula.contains(" L PIN") => {
            let first = *value.reveal().first()?;
            let pin = usize::from(first & 0x0F);
            let fill = if formula.contains("random") && !formula.starts_with("pin_field = 4") {
                'R'
            } else {
                'F'
            };
            let mut signs = format!("CL{}", "P".repeat(pin.min(digits.saturating_sub(2))));
            while signs.len() < digits {
                let random = formula.starts_with("pin_field = 4") && signs.len() >= 16;
                signs.push(if random { 'R' } else { fill });
            }
            Some(signs)
        }
        "pan_field" if formula.starts_with("pan_field = M") => {
            let extra = usize::from(*value.reveal().first()? >> 4);
            let number = (12 + extra).min(digits.saturating_sub(1));
            let zeros = digits - 1 - number;
            Some(format!("M{}{}", "N".repeat(number), "0".repeat(zeros)))
        }
        "pan_field" if formula.starts_with("pan_field =") => {
            let zeros = digits.saturating_sub(12);
            Some(format!(
                "{}{}",
                "0".repeat(zeros),
                "N".repeat(digits - zeros)
            ))
        }
        _ => None,
    }
}
