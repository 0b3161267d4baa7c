//! The answer to each kind of question.

use super::{Explanation, ExplanationKind, Line, question_of};
use crate::spec::{Dialect, Field, Layout, builtin};
use crate::value::{Currency, Mti, ResponseCode};
use crate::view::format::format_in_words;
use crate::words::nearest::fold;
use crate::words::{
    CodeList, EmvTag, FindingWords, Glossary, Lang, TagOrigin, Term, action, bits, emv_tag,
    findings, mti,
};

/// The dialects in which a field is explained, the most read one first.
const DIALECTS: [&str; 3] = ["unionpay-pos", "iso8583-1987-ascii", "iso8583-1993-ascii"];

/// A line with a label in the language.
pub(super) fn line(en: &str, zh: &str, text: impl Into<String>, lang: Lang) -> Line {
    let label = if lang == Lang::Zh { zh } else { en };
    Line {
        label: label.to_owned(),
        text: text.into(),
    }
}

/// A line of prose.
fn prose(text: impl Into<String>) -> Line {
    Line {
        label: String::new(),
        text: text.into(),
    }
}

pub(super) fn term(term: &Term, glossary: &Glossary, lang: Lang) -> Explanation {
    let (title, other) = match lang {
        Lang::En => (term.en, line("Chinese", "中文", term.zh, lang)),
        Lang::Zh => (term.zh, line("English", "英文", term.en, lang)),
    };
    let mut lines = vec![prose(term.say.say(lang)), other];
    if !term.expansion.is_empty() {
        lines.push(line("Also", "又作", term.expansion, lang));
    }
    lines.push(line("Source", "来源", source(term.source, lang), lang));
    Explanation {
        kind: ExplanationKind::Term,
        key: term.en.to_owned(),
        title: title.to_owned(),
        lines,
        see: term
            .see
            .iter()
            .map(|en| shown_name(en, glossary, lang))
            .collect(),
    }
}

/// A term's name in the language: its first Chinese one, or the English one.
fn shown_name(en: &str, glossary: &Glossary, lang: Lang) -> String {
    let zh = glossary
        .find(en)
        .map(|term| term.zh.split('（').next().unwrap_or_default());
    match (lang, zh) {
        (Lang::Zh, Some(zh)) => zh.to_owned(),
        (Lang::Zh | Lang::En, _) => en.to_owned(),
    }
}

/// Where knowledge comes from, in the language.
fn source(source: &str, lang: Lang) -> String {
    match lang {
        Lang::En => source.to_owned(),
        Lang::Zh => source
            .replace(" as practised", " 及实际做法")
            .replace(" (clause not read)", "（未读原文）")
            .replace(" (read in part)", "（读过部分）")
            .replace("general accounting", "会计常识")
            .replace("practice", "行业惯例"),
    }
}

pub(super) fn finding(question: &str, lang: Lang) -> Option<Explanation> {
    let slug = fold(question);
    let found: FindingWords = findings().into_iter().find(|f| fold(f.slug) == slug)?;
    let mut lines = vec![
        prose(found.what.say(lang)),
        line("Why", "原因", found.why.say(lang), lang),
        line("Repair", "处理", found.repair.say(lang), lang),
    ];
    if let Some(example) = &found.example {
        lines.push(line("Example", "示例", example.command(), lang));
    }
    Some(Explanation {
        kind: ExplanationKind::Finding,
        key: found.slug.to_owned(),
        title: found.title.say(lang).to_owned(),
        lines,
        see: Vec::new(),
    })
}

pub(super) fn message_type(question: &str, lang: Lang) -> Option<Explanation> {
    let digits = question.strip_prefix("MTI ").unwrap_or(question);
    let mti = Mti::parse(digits).ok().filter(|m| m.is_known())?;
    let [version, class] = [mti::version(mti.version()), mti::class(mti.class())];
    let [function, origin] = [mti::function(mti.function()), mti::origin(mti.origin())];
    let [a, b, c, d] = mti.digits();
    let digit = |n: u8, text: &str| format!("{n}: {text}");
    let mut lines = vec![
        line("Version", "版本", digit(a, version.say(lang)), lang),
        line("Class", "类别", digit(b, class.say(lang)), lang),
        line("Function", "功能", digit(c, function.say(lang)), lang),
        line("Origin", "发起方", digit(d, origin.say(lang)), lang),
    ];
    let mut see = Vec::new();
    if let Some(answer) = mti.response() {
        lines.push(line("Answered by", "应答为", answer.to_string(), lang));
        see.push(answer.to_string());
    }
    if let Some(request) = mti.request() {
        lines.push(line("Answers", "应答的是", request.to_string(), lang));
        see.push(request.to_string());
    }
    let kind = ExplanationKind::MessageType;
    let title = mti::describe(mti, lang);
    Some(Explanation {
        kind,
        key: mti.to_string(),
        title,
        lines,
        see,
    })
}

/// The number and sub-field path of a question such as `DE60.3`, `F4` or `4 域`.
pub(super) fn field_path(question: &str) -> Option<(u8, Option<String>)> {
    let text = fold(question);
    let bare = ["de", "f", "field", "bit", "域", "第"]
        .iter()
        .find_map(|head| text.strip_prefix(head));
    let bare = bare.or_else(|| text.strip_suffix('域').map(|t| t.trim_start_matches('第')))?;
    let bare = bare.trim_end_matches('域');
    let (number, part) = bare
        .split_once('.')
        .map_or((bare, None), |(n, p)| (n, Some(p.to_uppercase())));
    let number: u8 = number.parse().ok().filter(|n| (1..=192).contains(n))?;
    Some((number, part))
}

pub(super) fn field(question: &str, glossary: &Glossary, lang: Lang) -> Option<Explanation> {
    let (number, part) = field_path(question)?;
    let key = part
        .as_ref()
        .map_or_else(|| format!("DE{number}"), |p| format!("DE{number}.{p}"));
    let mut lines = Vec::new();
    let mut title = String::new();
    for dialect in DIALECTS.iter().filter_map(|name| builtin(name)) {
        let Some(field) = find_field(&dialect, number, part.as_deref()) else {
            continue;
        };
        let name = name_of(field, lang);
        let format = format_in_words(&field.wire);
        let format = if lang == Lang::Zh {
            format.zh
        } else {
            format.en
        };
        lines.push(Line {
            label: dialect.name().to_owned(),
            text: format!("{name} · {format}"),
        });
        if title.is_empty() {
            title = name;
        }
    }
    if lines.is_empty() {
        return None;
    }
    let mut see = Vec::new();
    if let Some(term) = glossary.find(&key) {
        lines.insert(0, prose(term.say.say(lang)));
        see.push(shown_name(term.en, glossary, lang));
    }
    lines.extend(codes_of(number, part.as_deref()).map(|list| codes_line(list, lang)));
    let kind = ExplanationKind::Field;
    Some(Explanation {
        kind,
        title: format!("{key} {title}"),
        key,
        lines,
        see,
    })
}

/// A field or one of its sub-fields.
fn find_field<'a>(dialect: &'a Dialect, number: u8, part: Option<&str>) -> Option<&'a Field> {
    let field = dialect.field(number)?;
    let Some(part) = part else { return Some(field) };
    part_of(field.layout.as_ref()?, part.parse().ok()?)
}

/// The first sub-field with this number, in whatever variant has it.
fn part_of(layout: &Layout, number: u16) -> Option<&Field> {
    match layout {
        Layout::Positional { parts, .. } | Layout::Bitmapped { parts, .. } => parts
            .iter()
            .find(|(n, _)| *n == number)
            .map(|(_, field)| field),
        Layout::Choice(variants) => variants.iter().find_map(|v| part_of(&v.layout, number)),
        Layout::Tlv(_) | Layout::BerTlv => None,
    }
}

fn name_of(field: &Field, lang: Lang) -> String {
    match lang {
        Lang::Zh if !field.name.zh.is_empty() => field.name.zh.clone(),
        Lang::Zh | Lang::En => field.name.en.clone(),
    }
}

/// The code list that a field draws on.
fn codes_of(number: u8, part: Option<&str>) -> Option<CodeList> {
    Some(match (number, part) {
        (3, _) => CodeList::Processing,
        (18, None) => CodeList::Mcc,
        (19..=21, None) => CodeList::Country,
        (22, _) => CodeList::EntryMode,
        (25, None) => CodeList::Condition,
        (39, None) => CodeList::Response,
        (60, Some("1")) => CodeList::UnionPayTransaction,
        (60, Some("3")) => CodeList::UnionPayNetwork,
        (63, Some("1")) => CodeList::CardOrganisation,
        (70, None) => CodeList::Network,
        _ => return None,
    })
}

/// How many codes a list has, with the first few.
fn codes_line(list: CodeList, lang: Lang) -> Line {
    let count = list.codes().count();
    let few: Vec<String> = list
        .codes()
        .take(4)
        .map(|c| format!("{} {}", c.code, c.text.say(lang)))
        .collect();
    let text = match lang {
        Lang::En => format!("{} … {count} in all", few.join(", ")),
        Lang::Zh => format!("{}……共 {count} 个", few.join("，")),
    };
    line("Codes", "取值", text, lang)
}

/// Every field of the first dialect that has it, with its name.
pub(super) fn all_fields(lang: Lang) -> Vec<(String, String)> {
    let dialects: Vec<_> = DIALECTS.iter().filter_map(|name| builtin(name)).collect();
    let named = |de: u8| {
        dialects
            .iter()
            .find_map(|d| Some(name_of(d.field(de)?, lang)))
    };
    (2..=128)
        .filter_map(|de| Some((format!("DE{de}"), named(de)?)))
        .collect()
}

pub(super) fn tag(question: &str, glossary: &Glossary, lang: Lang) -> Option<Explanation> {
    let tag = emv_tag(super::known_tag(question)?)?;
    let mut lines = tag_lines(&tag, lang);
    let defined = meanings(tag.tag);
    for meaning in &defined {
        lines.push(Line {
            label: meaning.0.clone(),
            text: meaning.1.say(lang).to_owned(),
        });
    }
    let term = glossary
        .find(tag.tag)
        .map(|term| shown_name(term.en, glossary, lang));
    Some(Explanation {
        kind: ExplanationKind::Tag,
        key: tag.tag.to_owned(),
        title: format!("{} {}", tag.tag, tag.name.say(lang)),
        lines,
        see: term.into_iter().collect(),
    })
}

/// Source, format, length, template and origin of a tag.
pub(super) fn tag_lines(tag: &EmvTag, lang: Lang) -> Vec<Line> {
    let origin = match (tag.origin, lang) {
        (TagOrigin::Emv, _) => "EMV Book 3",
        (TagOrigin::Kernel, Lang::En) => "contactless kernels",
        (TagOrigin::Kernel, Lang::Zh) => "非接触内核规范",
        (TagOrigin::Pboc, Lang::En) => "PBOC and UnionPay practice",
        (TagOrigin::Pboc, Lang::Zh) => "PBOC 与银联惯例",
        (TagOrigin::Unverified, Lang::En) => "seen in the field, unverified",
        (TagOrigin::Unverified, Lang::Zh) => "实际见过，未核实",
    };
    let mut lines = vec![
        line("Provided by", "提供方", provider(tag.source, lang), lang),
        line("Format", "格式", tag.format, lang),
    ];
    if !tag.length.is_empty() {
        lines.push(line("Bytes", "字节数", tag.length, lang));
    }
    if !tag.template.is_empty() {
        lines.push(line("Inside", "所在模板", tag.template, lang));
    }
    lines.push(line("Known from", "出处", origin, lang));
    lines
}

fn provider(source: &str, lang: Lang) -> String {
    match lang {
        Lang::En => source.to_owned(),
        Lang::Zh => source
            .replace(" or ", "或")
            .replace("card", "卡片")
            .replace("terminal", "终端")
            .replace("issuer", "发卡方"),
    }
}

/// Where each meaning of a tag of flags stands: `byte 1 bit 8`, tried on a value of ones.
fn meanings(tag: &str) -> Vec<(String, crate::words::Text)> {
    let ones = bits(tag, &"FF".repeat(5));
    let flags = ones
        .into_iter()
        .filter(|m| m.bits.len() == 1 && !m.text.en.starts_with("reserved bit"));
    flags
        .map(|m| {
            (
                format!("{}.{}", m.bits.start / 8 + 1, 8 - m.bits.start % 8),
                m.text,
            )
        })
        .collect()
}

/// The codes of every list that a bare code may belong to, and currencies.
pub(super) fn codes(question: &str, lang: Lang) -> Vec<Explanation> {
    let mut found = Vec::new();
    for list in CodeList::ALL {
        let code = question.to_uppercase();
        if let Some(text) = list.find(&code) {
            found.push(code_answer(list, &code, text.say(lang), lang));
        }
    }
    found.extend(currency(question, lang));
    found.sort_by_key(|answer| !answer.key.starts_with("39="));
    found
}

/// One code of one list.
pub(super) fn code_answer(list: CodeList, code: &str, text: &str, lang: Lang) -> Explanation {
    let mut lines = vec![line("List", "所属", list.title().say(lang), lang)];
    if let Some(code) = ResponseCode::parse(code)
        .ok()
        .filter(|_| list == CodeList::Response)
    {
        lines.push(line("Terminal", "终端处理", action(code).say(lang), lang));
    }
    Explanation {
        kind: ExplanationKind::Code,
        key: question_of(list, code),
        title: format!("{code} {text}"),
        lines,
        see: Vec::new(),
    }
}

/// A currency by number or letters.
fn currency(question: &str, lang: Lang) -> Option<Explanation> {
    let currency = Currency::parse(question).ok().filter(|c| c.is_known())?;
    let (en, zh) = currency.names()?;
    let name = if lang == Lang::Zh { zh } else { en };
    Some(Explanation {
        kind: ExplanationKind::Code,
        key: format!("49={:03}", currency.numeric()),
        title: format!("{currency} {name}"),
        lines: vec![
            line(
                "Number",
                "数字代码",
                format!("{:03}", currency.numeric()),
                lang,
            ),
            line(
                "Decimals",
                "小数位数",
                currency.exponent().to_string(),
                lang,
            ),
        ],
        see: Vec::new(),
    })
}
