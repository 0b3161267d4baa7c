//! `poslab explain`: what a term, field, code, tag, value, message type or finding code means.

use crate::fail::{self, NEGATIVE};
use crate::look::Look;
use clap::CommandFactory as _;
use poslab_core::view::explain::{Explanation, Listing, explain, listings, suggestions};
use poslab_core::words::Lang;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;

/// Say what a term, field, code, tag or finding means
///
/// Examples:
///
///   poslab explain reversal
///   poslab explain DE60.3
///   poslab explain 39=51
///   poslab explain 95=0000048000
///   poslab explain 9F10
///   poslab explain length-beyond-data --lang zh
///   poslab explain --list
///   poslab explain --list "EMV tags"
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Explain {
    /// What to explain; several words make one question
    question: Vec<String>,
    /// List everything that can be asked for, or one list by name
    #[arg(long, value_name = "LIST", num_args = 0..=1, default_missing_value = "")]
    list: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Explain {
    /// Prints the answer: 0 when there is one, 1 when there is none.
    pub fn run(self, look: &Look) -> ExitCode {
        let lang = look.lang();
        let question = self.question.join(" ");
        match (&self.list, question.trim().is_empty()) {
            (Some(name), _) => list(name, self.format, lang),
            (None, true) => usage(),
            (None, false) => answer(question.trim(), self.format, lang),
        }
    }
}

/// No question: the help goes to stderr.
fn usage() -> ExitCode {
    let mut command = super::Cli::command();
    if let Some(explain) = command.find_subcommand_mut("explain") {
        eprintln!("{}", explain.render_help());
    }
    ExitCode::from(2)
}

/// Answers one question.
fn answer(question: &str, format: Format, lang: Lang) -> ExitCode {
    let found = explain(question, lang);
    if found.is_empty() {
        return unknown(question, format, lang);
    }
    match format {
        Format::Text => {
            let blocks: Vec<String> = found.iter().map(|answer| block(answer, lang)).collect();
            print(&blocks.join("\n"))
        }
        Format::Json => print_json(&json!({
            "schema": "poslab/explain/1",
            "question": question,
            "lang": lang.tag(),
            "answers": found,
        })),
    }
}

/// No answer: what the asker may have meant goes to stderr.
fn unknown(question: &str, format: Format, lang: Lang) -> ExitCode {
    let meant = suggestions(question);
    match (format, lang) {
        (Format::Json, _) => {
            let error =
                json!({"error": "unknown-question", "question": question, "did_you_mean": meant});
            eprintln!("{error}");
        }
        (Format::Text, Lang::En) => {
            eprintln!("poslab: nothing known about \"{question}\"");
            if !meant.is_empty() {
                eprintln!("did you mean: {}", meant.join(", "));
            }
            eprintln!("all that can be asked for: poslab explain --list");
        }
        (Format::Text, Lang::Zh) => {
            eprintln!("poslab：没有关于“{question}”的内容");
            if !meant.is_empty() {
                eprintln!("是否要找：{}", meant.join("、"));
            }
            eprintln!("查看全部可查内容：poslab explain --list");
        }
    }
    ExitCode::from(NEGATIVE)
}

/// One answer as text: the title, then lines under it.
fn block(answer: &Explanation, lang: Lang) -> String {
    let mut text = format!("{}\n", answer.title);
    let wide = answer
        .lines
        .iter()
        .map(|line| width(&line.label))
        .max()
        .unwrap_or(0);
    for line in &answer.lines {
        if line.label.is_empty() {
            let _ = writeln!(text, "  {}", line.text);
        } else {
            let gap = " ".repeat(wide - width(&line.label));
            let _ = writeln!(text, "  {}{gap}  {}", line.label, line.text);
        }
    }
    if !answer.see.is_empty() {
        let (label, separator) = if lang == Lang::Zh {
            ("参见", "、")
        } else {
            ("See also", ", ")
        };
        let _ = writeln!(text, "  {label}: {}", answer.see.join(separator));
    }
    text
}

/// Prints the lists, or the items of one.
fn list(name: &str, format: Format, lang: Lang) -> ExitCode {
    let wanted = name.to_lowercase();
    let all = listings(lang);
    let chosen: Vec<&Listing> = all
        .iter()
        .filter(|l| l.title.to_lowercase().contains(&wanted))
        .collect();
    if chosen.is_empty() {
        let titles: Vec<&str> = all.iter().map(|l| l.title.as_str()).collect();
        eprintln!(
            "poslab: no list \"{name}\"; there are: {}",
            titles.join("; ")
        );
        return ExitCode::from(NEGATIVE);
    }
    match format {
        Format::Json => print_json(&json!({
            "schema": "poslab/explain-list/1",
            "lang": lang.tag(),
            "lists": chosen.iter().map(|list| list_json(list)).collect::<Vec<_>>(),
        })),
        Format::Text if name.is_empty() => {
            let rows = all
                .iter()
                .map(|l| format!("{:>4}  {}\n", l.items.len(), l.title));
            print(&rows.collect::<String>())
        }
        Format::Text => print(
            &chosen
                .iter()
                .map(|list| items(list))
                .collect::<Vec<_>>()
                .join("\n"),
        ),
    }
}

/// A list as JSON: what to ask, and its title.
fn list_json(list: &Listing) -> Value {
    let item = |(ask, title): &(String, String)| json!({"ask": ask, "title": title});
    json!({"title": list.title, "items": list.items.iter().map(item).collect::<Vec<_>>()})
}

/// A list as text.
fn items(list: &Listing) -> String {
    let mut text = format!("{}\n", list.title);
    let wide = list
        .items
        .iter()
        .map(|(ask, _)| width(ask))
        .max()
        .unwrap_or(0);
    for (ask, title) in &list.items {
        let _ = writeln!(text, "  {ask}{}  {title}", " ".repeat(wide - width(ask)));
    }
    text
}

/// How many columns a text takes: two for a Chinese character or full-width mark.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if c >= '\u{2E80}' { 2 } else { 1 })
        .sum()
}

fn print_json(value: &Value) -> ExitCode {
    match serde_json::to_string_pretty(value) {
        Ok(text) => print(&format!("{text}\n")),
        Err(_) => ExitCode::from(70),
    }
}

/// Writes to stdout.
fn print(text: &str) -> ExitCode {
    match fail::print(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => why.report(false),
    }
}
