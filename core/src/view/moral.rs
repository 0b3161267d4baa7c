//! What a counter-example teaches, in one sentence: the missing rule, how little it took, the money.

use crate::node::Protection;
use crate::sim::Broken;

/// The sentence, in Chinese (`zh`) or English; `faults` is how many faults it took.
pub fn moral(off: &[Protection], faults: usize, broken: &[Broken], zh: bool) -> String {
    let rules: Vec<String> = off
        .iter()
        .map(|protection| {
            let row = protection.row();
            if zh {
                format!("没有 {protection}（{}）", row.off_zh)
            } else {
                format!("without {protection} ({})", row.off)
            }
        })
        .collect();
    let found: Vec<String> = broken.iter().map(|one| one.detail.words(zh)).collect();
    if zh {
        let rules = match rules.join("，") {
            none if none.is_empty() => "规则齐全".to_owned(),
            rules => rules,
        };
        let little = match faults {
            0 => "无需任何故障".to_owned(),
            count => format!("{count} 个故障就够"),
        };
        return format!("{rules}，{little}：{}。", found.join("；"));
    }
    let rules = match rules.join(" and ") {
        none if none.is_empty() => "With every rule on".to_owned(),
        rules => capital(&rules),
    };
    let little = match faults {
        0 => "no fault is needed at all".to_owned(),
        1 => "one fault is enough".to_owned(),
        count => format!("{count} faults are enough"),
    };
    format!("{rules}, {little}: {}.", found.join("; "))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
