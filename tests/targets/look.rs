//! The colours of the page: every pair that is used is readable, and the hues of the fields stay
//! apart for people who see colours otherwise.

use std::collections::BTreeMap;
use std::path::Path;

type Rgb = [f64; 3];

/// The tokens of a theme by name.
fn tokens(theme: &str) -> BTreeMap<String, Rgb> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/style/10-tokens.css");
    let sheet = std::fs::read_to_string(path).expect("the tokens");
    let start = match theme {
        "light" => sheet.find(":root {"),
        "dark" => sheet.find(":root[data-theme=\"dark\"]"),
        _ => sheet.find(":root:not([data-theme])"),
    };
    let block = &sheet[start.expect("a block for the theme")..];
    let block = &block[..block.find("}\n").expect("an end")];
    let declared = block
        .split(['{', ';'])
        .filter_map(|one| one.trim().split_once(':'));
    declared
        .filter_map(|(name, value)| {
            let digits = value
                .trim()
                .strip_prefix('#')
                .filter(|hex| hex.len() == 6)?;
            let part = |at: usize| {
                u8::from_str_radix(&digits[at..at + 2], 16)
                    .ok()
                    .map(f64::from)
            };
            Some((
                name.trim().trim_start_matches("--").to_owned(),
                [part(0)?, part(2)?, part(4)?],
            ))
        })
        .collect()
}

/// The part of light that a channel gives. **Source**: WCAG 2.2, relative luminance.
fn linear(channel: f64) -> f64 {
    let c = channel / 255.0;
    if c <= 0.04045 {
        c / 12.92
    } else {
        ((c + 0.055) / 1.055).powf(2.4)
    }
}

fn luminance([r, g, b]: Rgb) -> f64 {
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// **Source**: WCAG 2.2, contrast ratio.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A colour laid over another with some share, as `color-mix` does in sRGB.
fn mixed(over: Rgb, under: Rgb, share: f64) -> Rgb {
    std::array::from_fn(|i| over[i] * share + under[i] * (1.0 - share))
}

#[test]
fn every_pair_of_tokens_is_readable() {
    let mut wrong = Vec::new();
    for (theme, tint) in [("light", 0.09), ("dark", 0.15), ("system dark", 0.15)] {
        let all = tokens(theme);
        let of = |name: &str| {
            *all.get(name)
                .unwrap_or_else(|| panic!("{theme}: no --{name}"))
        };
        let mut check = |what: String, text: Rgb, under: Rgb, least: f64| {
            let found = contrast(text, under);
            if found < least {
                wrong.push(format!("{theme}: {what} {found:.2}, at least {least}"));
            }
        };
        for under in ["bg", "pane"] {
            for text in ["ink", "dim", "accent", "ok", "warn", "bad"] {
                check(format!("{text} on {under}"), of(text), of(under), 4.5);
            }
            for mark in [
                "edge",
                "pick-edge",
                "f0",
                "f1",
                "f2",
                "f3",
                "f4",
                "f5",
                "f6",
                "f7",
                "f8",
            ] {
                check(format!("{mark} on {under}"), of(mark), of(under), 3.0);
            }
            // The digits of a field stand on its tint, in hex and where they are chosen.
            for hue in 0..9 {
                let tinted = mixed(of(&format!("f{hue}")), of(under), tint);
                check(format!("ink on tint {hue}"), of("ink"), tinted, 4.5);
            }
            for (mark, share) in [("bad", 0.16), ("warn", 0.26), ("pick-edge", 0.22)] {
                let marked = mixed(of(mark), of(under), share);
                check(format!("ink on {mark} mark"), of("ink"), marked, 4.5);
            }
        }
        for text in ["ink", "bad"] {
            check(
                format!("{text} on pick"),
                of(text),
                of("pick"),
                if text == "ink" { 4.5 } else { 3.0 },
            );
        }
        check(
            "ink on accent tint".to_owned(),
            of("ink"),
            of("accent-tint"),
            4.5,
        );
        check(
            "accent on accent tint".to_owned(),
            of("accent"),
            of("accent-tint"),
            4.5,
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_two_dark_themes_are_one() {
    assert_eq!(tokens("dark"), tokens("system dark"));
    assert_eq!(tokens("dark").len(), tokens("light").len());
}

/// What somebody sees who lacks one kind of cone, on linear light.
/// **Source**: Viénot, Brettel and Mollon 1999 for red and green; the blue one after Brettel 1997 as
/// one plane, which is coarser.
const DEFICIENCIES: [(&str, [[f64; 3]; 3]); 3] = [
    (
        "protanopia",
        [
            [0.11238, 0.88762, 0.0],
            [0.11238, 0.88762, 0.0],
            [0.00401, -0.00401, 1.0],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.29275, 0.70725, 0.0],
            [0.29275, 0.70725, 0.0],
            [-0.02234, 0.02234, 1.0],
        ],
    ),
    (
        "tritanopia",
        [
            [1.01277, 0.13548, -0.14826],
            [-0.01243, 0.86812, 0.14431],
            [0.07589, 0.80500, 0.11911],
        ],
    ),
];

/// A colour in a space where distances are seen alike. **Source**: CIE 1976 L*a*b*, white D65.
fn lab(linear: Rgb) -> Rgb {
    let [r, g, b] = linear.map(|c| c.clamp(0.0, 1.0));
    let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047;
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883;
    let f = |t: f64| {
        if t > 0.008856 {
            t.cbrt()
        } else {
            7.787 * t + 16.0 / 116.0
        }
    };
    [
        116.0 * f(y) - 16.0,
        500.0 * (f(x) - f(y)),
        200.0 * (f(y) - f(z)),
    ]
}

fn distance(a: Rgb, b: Rgb) -> f64 {
    (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
}

/// How the runs of a hue are underlined: solid, or the first length of its pattern.
fn underline(hue: u8) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/style/40-message.css");
    let sheet = std::fs::read_to_string(path).expect("the style of a message");
    let own = format!(".run.h{hue}");
    let rule = sheet.lines().find(|line| {
        let Some((names, _)) = line.split_once('{') else {
            return false;
        };
        names.split(',').any(|name| name.trim() == own)
    });
    let pattern = rule.and_then(|line| line.split_once("var(--h) 0 "));
    pattern.map_or("solid".to_owned(), |(_, rest)| {
        rest.chars().take(3).collect()
    })
}

#[test]
fn fields_can_be_told_apart_by_everybody() {
    // A difference of 2.3 is just noticed on large areas; ten is plain on a thin line. Hues nearer
    // than that to somebody's eyes are underlined in different ways.
    const PLAIN: f64 = 10.0;
    let mut wrong = Vec::new();
    for theme in ["light", "dark"] {
        let all = tokens(theme);
        for (name, matrix) in DEFICIENCIES {
            let seen = |hue: u8| {
                let light = all[&format!("f{hue}")].map(linear);
                lab(matrix.map(|row| (0..3).map(|j| row[j] * light[j]).sum()))
            };
            for (a, b) in (0..8).flat_map(|a| (0..a).map(move |b| (a, b))) {
                let found = distance(seen(a), seen(b));
                if found < PLAIN && underline(a) == underline(b) {
                    wrong.push(format!("{theme} {name}: f{a} and f{b}: {found:.1}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
