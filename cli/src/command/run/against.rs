//! `--against OTHER`: two runs side by side, as the page's theatre compares branches: how long they
//! are alike, which boxes differ, and what happens in each from where they part.

use super::{Failed, Form, Run, print};
use poslab_core::node::NodeId;
use poslab_core::sim::{Scenario, Stage, World};
use poslab_core::trace::{Event, Tape};
use poslab_core::view::parting::Parting;
use poslab_core::words::Lang;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

impl Run {
    /// The scenario and the faults that the command line adds.
    fn title(&self) -> String {
        let name = self.scenario.iter().map(String::as_str);
        let parts: Vec<&str> = name.chain(self.fault.iter().map(String::as_str)).collect();
        parts.join(" + ")
    }

    /// Compares the run with another; what the command line changes, it changes in the first.
    pub(super) fn compare(
        &self,
        stage: &Arc<Stage>,
        other: &str,
        only: Option<NodeId>,
        lang: Lang,
    ) -> Result<ExitCode, Failed> {
        if matches!(self.format, Form::Mermaid | Form::Svg) {
            return Err(Failed("--against is for text and jsonl".to_owned(), 2));
        }
        let first = self.scenario(stage)?;
        super::stands(only, &first)?;
        let runs = [
            events(stage, &first, self.seed),
            events(stage, &super::read_scenario(other, stage)?, self.seed),
        ];
        let [left, right] = &runs;
        let parting = Parting::of(left, right);
        let same = parting.same(left, right);
        let sides = Sides {
            names: [self.title(), other.to_owned()],
            runs: &runs,
            parting: &parting,
            same,
            only,
        };
        print(&match self.format {
            Form::Jsonl => sides.jsonl(),
            _ => sides.text(lang),
        })?;
        Ok(ExitCode::from(u8::from(!same)))
    }
}

fn events(stage: &Arc<Stage>, scenario: &Scenario, seed: Option<u64>) -> Vec<Event> {
    let mut world = World::new(stage, scenario, seed.unwrap_or(0));
    if let Some(seed) = seed {
        world.jitter(seed);
    }
    let mut tape = Tape::recording();
    world.run_to_end(&mut tape);
    tape.take()
}

struct Sides<'s> {
    names: [String; 2],
    runs: &'s [Vec<Event>; 2],
    parting: &'s Parting,
    same: bool,
    only: Option<NodeId>,
}

impl Sides<'_> {
    /// The time of the first event that only one of them has.
    fn parted_at(&self) -> u64 {
        let at = |run: &Vec<Event>| run.get(self.parting.alike).map(|event| event.at_ms);
        self.runs.iter().find_map(at).unwrap_or_default()
    }

    /// What happens in each run after that.
    fn rest<'r>(&self, run: &'r [Event]) -> impl Iterator<Item = &'r Event> {
        let only = self.only;
        let rest = run.get(self.parting.alike..).unwrap_or_default().iter();
        rest.filter(move |event| only.is_none_or(|node| event.node == node))
    }

    fn text(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        if self.same {
            let words = match zh {
                true => "两次运行完全相同。",
                false => "These are one and the same run.",
            };
            return format!("{words}\n");
        }
        let (count, time) = (self.parting.alike, super::clock(self.parted_at()));
        let mut out = match zh {
            true => format!("前 {count} 个事件相同，{time} 起分岔。\n\n"),
            false => format!("Alike for {count} events; they part at {time}.\n\n"),
        };
        for (lane, equal) in &self.parting.lanes {
            let (sign, word) = match (equal, zh) {
                (true, false) => ("=", "the same"),
                (true, true) => ("=", "相同"),
                (false, false) => ("≠", "differs"),
                (false, true) => ("≠", "不同"),
            };
            let _ = writeln!(out, "{sign} {}: {word}", super::box_name(*lane, lang));
        }
        for (title, run) in self.names.iter().zip(self.runs) {
            let _ = writeln!(out, "\n{title}");
            let mut lines = self.rest(run).map(|event| Form::Text.render(event, lang));
            match lines.next() {
                None if zh => out.push_str("此运行到此为止，再无事件。\n"),
                None => out.push_str("Nothing more happens in this run.\n"),
                Some(first) => {
                    let all = std::iter::once(first).chain(lines);
                    all.for_each(|line| out.push_str(&(line + "\n")));
                }
            }
        }
        out
    }

    /// How they stand to each other, then a record for each event after that.
    fn jsonl(&self) -> String {
        let lanes: serde_json::Map<_, _> = self
            .parting
            .lanes
            .iter()
            .map(|(lane, equal)| (lane.to_string(), (*equal).into()))
            .collect();
        let mut out = format!(
            "{}\n",
            serde_json::json!({
                "same": self.same, "alike": self.parting.alike,
                "at_ms": (!self.same).then(|| self.parted_at()), "lanes": lanes,
            })
        );
        for (title, run) in self.names.iter().zip(self.runs) {
            for event in self.rest(run) {
                let record = serde_json::json!({ "run": title, "event": event });
                let _ = writeln!(out, "{record}");
            }
        }
        out
    }
}
