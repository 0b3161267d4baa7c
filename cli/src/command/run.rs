//! `poslab run`: a scenario through terminal, PIN pad, NAC, front end, switch and issuer.

mod against;
mod moment;

use super::pad::Beside;
use crate::fail::Fail;
use crate::key_ring::KeyRing;
use crate::look::Look;
use clap::{Args, ValueEnum};
use moment::At;
use poslab_core::node::clock::civil;
use poslab_core::node::{NodeId, Note};
use poslab_core::sim::{Fault, Item, OwnKeys, Place, Scenario, Stage, World, scenarios, shipped};
use poslab_core::trace::{Event, Tape, What, line, line_zh};
use poslab_core::view::address::Address;
use poslab_core::view::export::{mermaid, svg};
use poslab_core::view::ladder::Ladder;
use poslab_core::words::Lang;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Run a scenario and print its trace.
///
/// A scenario is one of `--list`, or a file of the same form; `expect` in it is held against the
/// run, unless --fault, --until or --seed change it.
///
/// Examples:
///
///   poslab run sale
///   poslab run lost-response --node terminal
///   poslab run sale --fault drop:0210@nac-terminal --fault power-cut@terminal:after=send#3
///   poslab run my-scenario.json --format jsonl
///   poslab run sale --keys keys.json
///
///   poslab run lost-response --at 31 --show terminal
///   poslab run sale --fault drop:0210@nac-terminal --against sale
///
/// With --show it prints what a box holds at a moment instead, with --against how two runs differ.
///
/// Exit code: 0 fine, 1 a property broken, an expectation not met, or two runs that differ, 2 usage.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub struct Run {
    /// Name of a scenario, a scenario file, or an address of the page: theatre?sale&at=9
    #[arg(required_unless_present = "list")]
    scenario: Option<String>,
    /// List the scenarios.
    #[arg(long)]
    list: bool,
    /// A fault more: KIND[:ARG]:MTI[#N]@FROM-TO, or KIND[:ARG]@BOX:before|after|t=…
    #[arg(long, value_name = "FAULT")]
    fault: Vec<String>,
    /// Draw fresh keys and the latency of each hop from this seed; without it both are the usual.
    #[arg(long)]
    seed: Option<u64>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Only what happens at this box: terminal, terminal-2, pin-pad, nac, front-end, switch …
    #[arg(long)]
    node: Option<String>,
    /// What this box holds: its variables, and which of them the last step changed
    #[arg(long, value_name = "BOX", value_parser = a_box,
        conflicts_with_all = ["seed", "node", "against"])]
    show: Option<NodeId>,
    /// The moment for --show: a step of the theatre, or a time such as 09:30:45; else the end
    #[arg(long, value_name = "STEP|TIME", requires = "show")]
    at: Option<At>,
    /// Another scenario, file or address: how long both runs are alike, and what follows
    #[arg(long, value_name = "SCENARIO")]
    against: Option<String>,
    /// Stop when so many seconds have passed in the world.
    #[arg(long, value_name = "SECONDS")]
    until: Option<u32>,
    /// Key ring: the first terminal has the TMK of one in it, and at its first sign-on gets that
    /// one's PIK, MAK and TDK where all three are there
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Whose keys of the ring to take, when it holds several terminals
    #[arg(long, value_name = "TID", requires = "keys")]
    terminal: Option<String>,
    #[command(flatten)]
    beside: Beside,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Jsonl,
    /// A Mermaid sequence diagram.
    Mermaid,
    /// A drawing that stands alone.
    Svg,
}

/// A run that did not take place: the words and the exit code.
struct Failed(String, u8);

impl Run {
    /// Runs the verb.
    pub fn run(self, look: &Look) -> ExitCode {
        let zh = look.lang() == Lang::Zh;
        let result = if self.list {
            self.print_list(zh)
        } else {
            self.play(look.lang())
        };
        match result {
            Ok(code) => code,
            Err(Failed(words, code)) => {
                eprintln!("poslab run: {words}");
                ExitCode::from(code)
            }
        }
    }

    fn print_list(&self, zh: bool) -> Result<ExitCode, Failed> {
        let stage = Stage::load().map_err(|e| Failed(e.to_string(), 70))?;
        let mut out = String::new();
        for (name, text) in scenarios() {
            let s = Scenario::read(text, &stage).map_err(|e| Failed(e.to_string(), 70))?;
            let title = if zh { &s.title.zh } else { &s.title.en };
            match self.format {
                Form::Text => out.push_str(&format!("{name:<28} {title}\n")),
                Form::Jsonl | Form::Mermaid | Form::Svg => {
                    let row = serde_json::json!({
                        "name": name, "title": s.title, "about": s.about,
                    });
                    out.push_str(&format!("{row}\n"));
                }
            }
        }
        print(&out)
    }

    fn play(self, lang: Lang) -> Result<ExitCode, Failed> {
        let stage = Stage::load().map_err(|e| Failed(e.to_string(), 70))?;
        let stage = match &self.keys {
            None => stage,
            Some(path) => self.with_keys(&stage, path)?,
        };
        if let Some(lane) = self.show {
            return self.show(&stage, lane, lang);
        }
        let scenario = self.scenario(&stage)?;
        let node = match &self.node {
            None => None,
            Some(text) => Some(
                text.parse::<NodeId>()
                    .map_err(|e| Failed(format!("--node {text}: {e}"), 2))?,
            ),
        };
        if let Some(other) = &self.against {
            return self.compare(&stage, other, node, lang);
        }
        stands(node, &scenario)?;
        let mut seen = Seen::default();
        let mut world = World::new(&stage, &scenario, self.seed.unwrap_or(0));
        if let Some(seed) = self.seed {
            world.jitter(seed);
        }
        if matches!(self.format, Form::Mermaid | Form::Svg) {
            return self.draw(world, lang == Lang::Zh);
        }
        let failed = |(code, words)| Failed(words, code);
        let format = self.format;
        let mut pad = self.beside.plug_in(lang).map_err(failed)?;
        let real_pad = pad.is_some();
        if real_pad {
            world.plug_in(0);
        }
        let mut tape = Tape::recording();
        let mut more = true;
        while more {
            more = world.step(&mut tape);
            if let (Some(request), Some(pad)) = (world.pad_request().cloned(), &mut pad) {
                world.pad_answers(pad.answer(&request).map_err(failed)?);
                more = true;
            }
            if !more {
                world.conclude(&mut tape);
            }
            let events = tape.take();
            seen.take(&events);
            let shown = events
                .iter()
                .filter(|e| node.is_none_or(|n| e.node == n))
                .map(|event| format.render(event, lang) + "\n");
            print(&shown.collect::<String>())?;
        }
        if let Some(pad) = pad {
            pad.close().map_err(failed)?;
        }
        let changed =
            real_pad || !self.fault.is_empty() || self.until.is_some() || self.seed.is_some();
        let fine = seen.judge(&scenario, &world, changed);
        Ok(if fine {
            verdict(&world)
        } else {
            ExitCode::from(1)
        })
    }

    /// The stage with the keys of a ring for its first terminal: the same ring, the same run.
    fn with_keys(&self, stage: &Stage, path: &Path) -> Result<Arc<Stage>, Failed> {
        let failed = |fail: Fail| match fail {
            Fail::Io(..) => Failed(fail.to_string(), 4),
            Fail::Usage(_) | Fail::Undecodable(..) => Failed(fail.to_string(), 2),
        };
        let ring = KeyRing::read(path).map_err(failed)?;
        let keys = ring.of(self.terminal.as_deref()).map_err(failed)?;
        let tmk = keys.key("TMK").map_err(failed)?;
        let working = ["PIK", "MAK", "TDK"].map(|role| keys.key(role).ok());
        let working = match &working {
            [Some(pik), Some(mak), Some(tdk)] => Some([pik.as_str(), mak, tdk]),
            _ => None,
        };
        let own = OwnKeys { tmk: &tmk, working };
        let stage = stage.with_keys(0, own);
        stage.map_err(|e| Failed(format!("{}: {e}", path.display()), 2))
    }

    /// The whole run as a drawing.
    fn draw(&self, mut world: World, zh: bool) -> Result<ExitCode, Failed> {
        let mut tape = Tape::recording();
        world.run_to_end(&mut tape);
        let ladder = Ladder::of(tape.events());
        print(&match self.format {
            Form::Svg => svg(&ladder, tape.events(), zh),
            _ => mermaid(&ladder, tape.events(), zh),
        })?;
        Ok(verdict(&world))
    }

    fn scenario(&self, stage: &Stage) -> Result<Scenario, Failed> {
        let name = self.scenario.as_deref().unwrap_or_default();
        self.with_faults(read_scenario(name, stage)?)
    }

    /// The scenario with the faults and the end that the command line adds.
    fn with_faults(&self, mut scenario: Scenario) -> Result<Scenario, Failed> {
        for fault in &self.fault {
            let wrong = |words: String| Failed(format!("--fault {fault}: {words}"), 2);
            let read = fault.parse::<Fault>().map_err(|e| wrong(e.to_string()))?;
            read.in_world(scenario.world.terminals.unwrap_or(1))
                .map_err(wrong)?;
            scenario.script.push(Item::Fault(fault.clone()));
        }
        self.beside.settle(&mut scenario.world);
        if self.until.is_some() {
            scenario.world.until_s = self.until;
        }
        Ok(scenario)
    }
}

/// A scenario by its name, from a file, or as an address of the page.
fn read_scenario(name: &str, stage: &Stage) -> Result<Scenario, Failed> {
    if let Some((_, rest)) = name.split_once("theatre?") {
        let read = Address::of(rest).scenario(stage);
        return read.map_err(|e| Failed(e.to_string(), 2));
    }
    let (text, whose) = match shipped(name) {
        Some(text) => (text.to_owned(), String::new()),
        None => match std::fs::read_to_string(name) {
            Ok(text) => (text, format!("{name}: ")),
            Err(e) if e.kind() == ErrorKind::NotFound => {
                let words = format!(
                    "{name:?} is neither a scenario nor a file; `poslab run --list` names them"
                );
                return Err(Failed(words, 2));
            }
            Err(e) => return Err(Failed(format!("{name}: {e}"), 4)),
        },
    };
    let read = Scenario::read(&text, stage);
    read.map_err(|e| Failed(format!("{whose}{e}"), 2))
}

/// A box in the reader's language.
fn box_name(lane: NodeId, lang: Lang) -> String {
    match (lang, lane) {
        (Lang::En, _) => lane.to_string(),
        (Lang::Zh, NodeId::Terminal(k @ 1..) | NodeId::PinPad(k @ 1..)) => {
            format!("{} {}", lane.zh(), k + 1)
        }
        (Lang::Zh, _) => lane.zh().to_owned(),
    }
}

/// A time of the world as people read it.
fn clock(at_ms: u64) -> String {
    let c = civil(at_ms);
    let (hour, minute, second) = (c.hour, c.minute, c.second);
    format!("{hour:02}:{minute:02}:{second:02}.{:03}", at_ms % 1000)
}

fn a_box(text: &str) -> Result<NodeId, String> {
    text.parse::<NodeId>().map_err(|error| error.to_string())
}

/// Whether the box that is asked for stands in the scenario's world.
fn stands(node: Option<NodeId>, scenario: &Scenario) -> Result<(), Failed> {
    let terminals = scenario.world.terminals.unwrap_or(1);
    match node {
        Some(node @ (NodeId::Terminal(k) | NodeId::PinPad(k))) if k >= terminals => Err(Failed(
            format!("--node {node}: this world has {terminals} terminals"),
            2,
        )),
        _ => Ok(()),
    }
}

/// What a run showed that its scenario may have expected.
#[derive(Default)]
struct Seen {
    notes: Vec<Note>,
    faults: Vec<String>,
}

impl Seen {
    fn take(&mut self, events: &[Event]) {
        for event in events {
            match &event.what {
                What::Note { note } if !self.notes.contains(note) => self.notes.push(*note),
                What::Fault { fault, .. } => self.faults.push(fault.clone()),
                _ => {}
            }
        }
    }

    /// Says which faults never came to pass and, unless the run was changed from outside, which
    /// expectations were not met; whether all were.
    fn judge(&self, scenario: &Scenario, world: &World, changed: bool) -> bool {
        for fault in scenario
            .faults()
            .filter(|f| matches!(f.place, Place::Arrow { .. }))
        {
            if !self.faults.contains(&fault.to_string()) {
                eprintln!("poslab run: {fault} never happened: no such message left");
            }
        }
        if changed {
            return true;
        }
        let unmet = scenario.unmet(world, &self.notes);
        for unmet in &unmet {
            eprintln!("poslab run: {unmet}");
        }
        unmet.is_empty()
    }
}

impl Form {
    fn render(self, event: &Event, lang: Lang) -> String {
        match (self, lang) {
            (Form::Jsonl, _) => event.json(),
            (_, Lang::Zh) => line_zh(event),
            (_, Lang::En) => line(event),
        }
    }
}

/// Exit code 1 when a property is broken.
fn verdict(world: &World) -> ExitCode {
    if world.broken().is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    }
}

/// Writes to standard output; a closed pipe ends the run in silence.
fn print(text: &str) -> Result<ExitCode, Failed> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(e) if e.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(e) => Err(Failed(e.to_string(), 4)),
    }
}
