//! Changing one value of a draft by its path, such as `DE60.2` or `DE55.9F10#2`.

use poslab_core::codec::{Draft, Value};

/// Sets the value at a path; the field is there already, since it was chosen on screen.
pub fn set(draft: &mut Draft<'_>, path: &str, value: &str) -> Result<(), String> {
    let mut steps = path.strip_prefix("DE").unwrap_or(path).split('.');
    let field: u8 = steps
        .next()
        .and_then(|step| step.parse().ok())
        .ok_or_else(|| path.to_owned())?;
    let steps: Vec<&str> = steps.collect();
    if steps.is_empty() {
        draft.set(field, value.to_owned());
        return Ok(());
    }
    let mut whole = draft
        .value(field)
        .cloned()
        .ok_or_else(|| path.to_owned())?
        .into_owned();
    set_part(&mut whole, &steps, value).ok_or_else(|| path.to_owned())?;
    draft.set(field, whole);
    Ok(())
}

/// Sets a part within a value.
fn set_part(whole: &mut Value<'static>, steps: &[&str], value: &str) -> Option<()> {
    let Some((first, rest)) = steps.split_first() else {
        *whole = Value::from(value.to_owned());
        return Some(());
    };
    let Value::Parts(parts) = whole else {
        return None;
    };
    let (_, part) = parts.iter_mut().find(|(key, _)| key == first)?;
    set_part(part, rest, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_changes_and_the_others_stay() {
        let parts = vec![
            ("1".to_owned(), Value::from("22")),
            ("2".to_owned(), Value::from("000001")),
        ];
        let mut draft = Draft::new("0200")
            .with(4, "1")
            .with(60, Value::Parts(parts));
        set(&mut draft, "DE60.2", "000002").unwrap();
        set(&mut draft, "DE4", "2").unwrap();
        let Some(Value::Parts(parts)) = draft.value(60) else {
            panic!("still in parts")
        };
        assert_eq!(parts[0].1, Value::from("22"));
        assert_eq!(parts[1].1, Value::from("000002"));
        assert_eq!(draft.get(4), Some("2"));
        assert!(set(&mut draft, "DE60.9", "1").is_err());
    }
}
