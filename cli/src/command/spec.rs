//! `poslab spec`: the dialects: list, show, check, import.

use crate::fail::{Fail, NEGATIVE, print};
use crate::look::Look;
use crate::source::{builtin_named, import_file};
use clap::Subcommand;
use poslab_core::codec::self_check;
use poslab_core::spec::{Dialect, Name, builtin, builtin_names, notation, to_json};
use poslab_core::words::Lang;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// List, show, check and import dialects.
///
/// Examples:
///
///   poslab spec list
///   poslab spec show unionpay-pos
///   poslab spec check mine.json
///   poslab spec import packager.xml > mine.json
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Spec {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The built-in dialects
    List {
        /// One JSON array
        #[arg(long)]
        json: bool,
    },
    /// The fields of a dialect, by name or from a file
    Show {
        /// A built-in name, or a file
        name: String,
        /// The dialect's file
        #[arg(long)]
        json: bool,
    },
    /// Read a specification, report what could not be represented, pack and unpack every field
    Check {
        /// The file
        file: PathBuf,
    },
    /// Convert a specification to a poslab dialect on stdout
    Import {
        /// jPOS or j8583 XML, moov JSON or YAML, a pyiso8583 dict, a table of notations
        file: PathBuf,
        /// The name of the dialect
        #[arg(long)]
        name: Option<String>,
    },
}

impl Spec {
    /// Runs and gives the exit code.
    pub fn run(self, look: &Look) -> ExitCode {
        let done = match &self.what {
            What::List { json } => list(*json, look),
            What::Show { name, json } => show(name, *json, look),
            What::Check { file } => check(file, look),
            What::Import { file, name } => import(file, name.as_deref(), look),
        };
        match done {
            Ok(code) => code,
            Err(fail) => fail.report(false),
        }
    }
}

fn said(name: &Name, lang: Lang) -> &str {
    if lang == Lang::Zh && !name.zh.is_empty() {
        &name.zh
    } else {
        &name.en
    }
}

fn list(json: bool, look: &Look) -> Result<ExitCode, Fail> {
    let mut out = String::new();
    let mut rows = Vec::new();
    for dialect in builtin_names().filter_map(builtin) {
        let fields = dialect.fields().count();
        let title = said(&dialect.title, look.lang()).to_owned();
        if json {
            rows.push(serde_json::json!({ "name": dialect.name, "title": title, "fields": fields, "frame": dialect.frame }));
        } else {
            let name = look.stdout().bold(&format!("{:<20}", dialect.name()));
            let _ = writeln!(out, "{name} {fields:>3}  {title}");
        }
    }
    if json {
        out = format!("{:#}\n", serde_json::Value::Array(rows));
    }
    print(out.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn show(name: &str, json: bool, look: &Look) -> Result<ExitCode, Fail> {
    let path = PathBuf::from(name);
    let dialect = if path.is_file() {
        import_file(&path)?.dialect
    } else {
        (*builtin_named(name)?).clone()
    };
    let text = if json {
        format!("{:#}\n", to_json(&dialect))
    } else {
        table(&dialect, look)
    };
    print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn table(dialect: &Dialect, look: &Look) -> String {
    let (paint, lang) = (look.stdout(), look.lang());
    let mut out = format!(
        "{}\n",
        paint.bold(&format!(
            "{}  {}",
            dialect.name(),
            said(&dialect.title, lang)
        ))
    );
    let about = said(&dialect.about, lang);
    if !about.is_empty() {
        let _ = writeln!(out, "{}", paint.dim(about));
    }
    if !dialect.frame.is_empty() {
        let _ = writeln!(
            out,
            "{}",
            paint.dim(&format!("frame {}", dialect.frame.join("+")))
        );
    }
    out.push('\n');
    for (de, field) in dialect.fields() {
        let line = format!(
            "{de:>3}  {:<12} {}",
            notation(&field.wire),
            said(&field.name, lang)
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn check(file: &std::path::Path, look: &Look) -> Result<ExitCode, Fail> {
    let imported = import_file(file)?;
    let misfits = self_check(&imported.dialect);
    let mut out = format!(
        "{}: {}, {} fields\n",
        imported.format.name(),
        imported.dialect.name(),
        imported.dialect.fields().count()
    );
    for warning in &imported.warnings {
        let _ = writeln!(out, "{}", look.say(&warning.text(), &warning.text_zh()));
    }
    for misfit in &misfits {
        let _ = writeln!(out, "DE{}: {}", misfit.de, misfit.reason);
    }
    if misfits.is_empty() {
        out.push_str(look.say("every field packs and unpacks\n", "每个域都能打包并解包\n"));
    }
    print(out.as_bytes())?;
    Ok(if misfits.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NEGATIVE)
    })
}

fn import(file: &std::path::Path, name: Option<&str>, look: &Look) -> Result<ExitCode, Fail> {
    let mut imported = import_file(file)?;
    if let Some(name) = name {
        name.clone_into(&mut imported.dialect.name);
    }
    for warning in &imported.warnings {
        eprintln!(
            "poslab: {}: {}",
            file.display(),
            look.say(&warning.text(), &warning.text_zh())
        );
    }
    for misfit in self_check(&imported.dialect) {
        eprintln!(
            "poslab: {}: DE{}: {}",
            file.display(),
            misfit.de,
            misfit.reason
        );
    }
    print(format!("{:#}\n", to_json(&imported.dialect)).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
