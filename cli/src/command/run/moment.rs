//! `--show BOX`: what a box holds at a moment of a run, and what the step before changed in it; the
//! variables of the page's theatre, with the same names.

use super::{Failed, Form, Run, print};
use poslab_core::node::NodeId;
use poslab_core::node::clock::civil;
use poslab_core::sim::{Replay, Stage};
use poslab_core::view::address::Address;
use poslab_core::view::hop::Fate;
use poslab_core::view::ladder::Ladder;
use poslab_core::view::memory::{Both, Changed, Variable, changes, memory};
use poslab_core::words::Lang;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

/// A moment: so many rows of the theatre are past, or a time of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// Rows, as `at=` of an address counts them.
    Step(usize),
    /// Milliseconds since the world began.
    Time(u64),
}

impl FromStr for At {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(step) = text.parse() {
            return Ok(At::Step(step));
        }
        time(text)
            .map(At::Time)
            .ok_or("expected a step such as 14, or a time such as 09:30:45 or 09:30:45.250")
    }
}

/// Milliseconds from the beginning of the world to a time of its first day.
fn time(text: &str) -> Option<u64> {
    let (whole, thousandths) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let fits = hour < 24 && minute < 60 && second < 60 && thousandths.len() <= 3;
    if !fits || parts.next().is_some() {
        return None;
    }
    let ms = format!("{thousandths:0<3}").parse::<u64>().ok()?;
    let start = civil(0);
    let of_day = |h: u64, m: u64, s: u64| (h * 3600 + m * 60 + s) * 1000;
    let begin = of_day(start.hour.into(), start.minute.into(), start.second.into());
    (of_day(hour, minute, second) + ms).checked_sub(begin)
}

/// What a box holds.
struct Moment {
    step: usize,
    of: usize,
    at_ms: u64,
    lane: NodeId,
    now: Vec<Variable>,
    changed: Vec<Changed>,
}

impl Run {
    /// Prints what the box holds at the moment asked for, else at the end of the run.
    pub(super) fn show(
        &self,
        stage: &Arc<Stage>,
        lane: NodeId,
        lang: Lang,
    ) -> Result<ExitCode, Failed> {
        if matches!(self.format, Form::Mermaid | Form::Svg) {
            return Err(Failed("--show is for text and jsonl".to_owned(), 2));
        }
        let scenario = self.scenario(stage)?;
        super::stands(Some(lane), &scenario)?;
        let replay = Replay::of(stage, scenario, 0);
        let ladder = Ladder::of(replay.events());
        let of = ladder.rows.len();
        let past = |ms: u64| replay.events().partition_point(|event| event.at_ms <= ms);
        let (step, events) = match self.at.or(self.at_of_address()) {
            None => (of, replay.events().len()),
            Some(At::Step(step)) if step <= of => (step, ladder.events_before(step)),
            Some(At::Step(step)) => {
                let words = format!("--at {step}: this run has {of} steps");
                return Err(Failed(words, 2));
            }
            Some(At::Time(ms)) => {
                let count = past(ms);
                let step = count
                    .checked_sub(1)
                    .map_or(0, |last| ladder.row_of(last) + 1);
                (step, count)
            }
        };
        let held = |events: usize| memory(&replay.world_at(events), lane);
        let now = held(events);
        let before = step
            .checked_sub(1)
            .map(|row| held(ladder.events_before(row)));
        let moment = Moment {
            step,
            of,
            at_ms: match self.at {
                Some(At::Time(ms)) => ms,
                _ => last_time(&replay, events),
            },
            lane,
            changed: before.map_or_else(Vec::new, |before| changes(&before, &now)),
            now,
        };
        print(&match self.format {
            Form::Jsonl => moment.jsonl(),
            _ => moment.text(lang),
        })
    }

    fn at_of_address(&self) -> Option<At> {
        let (_, rest) = self.scenario.as_deref()?.split_once("theatre?")?;
        Address::of(rest).at.map(At::Step)
    }
}

fn last_time(replay: &Replay, events: usize) -> u64 {
    let last = events.checked_sub(1).and_then(|at| replay.events().get(at));
    last.map_or(0, |event| event.at_ms)
}

impl Moment {
    fn text(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        let say = |en: &'static str, chinese: &'static str| if zh { chinese } else { en };
        let (step, of, time) = (self.step, self.of, super::clock(self.at_ms));
        let lane = super::box_name(self.lane, lang);
        let mut out = match zh {
            true => format!("第 {step}/{of} 步，{time}，{lane}\n"),
            false => format!("step {step} of {of}, {time}, {lane}\n"),
        };
        let held = self.now.iter().map(|variable| &variable.name);
        let names = held.chain(self.changed.iter().map(|one| &one.name));
        let width = names.map(|name| width(pick(name, lang))).max();
        let width = width.unwrap_or(0);
        let _ = writeln!(
            out,
            "\n{}",
            say("What the last step changed here", "上一步在此改变了什么")
        );
        if self.changed.is_empty() {
            let _ = writeln!(out, "  {}", say("Nothing.", "没有变化。"));
        }
        for one in &self.changed {
            let (before, now) = (pick(&one.before, lang), pick(&one.now, lang));
            let value = match one.fate {
                Fate::Added => now.to_owned(),
                Fate::Changed => format!("{before} → {now}"),
                Fate::Gone => before.to_owned(),
            };
            let name = padded(pick(&one.name, lang), width);
            let _ = writeln!(out, "{} {name}  {value}", sign(one.fate));
        }
        let _ = writeln!(out, "\n{}", say("Everything it holds", "它持有的全部变量"));
        for variable in &self.now {
            let touched = self.changed.iter().find(|one| one.name == variable.name);
            let sign = touched.map_or(" ", |one| sign(one.fate));
            let name = padded(pick(&variable.name, lang), width);
            let _ = writeln!(out, "{sign} {name}  {}", pick(&variable.value, lang));
        }
        out
    }

    /// A record for each variable, then one for each that is gone.
    fn jsonl(&self) -> String {
        let record = |name: &Both, value: Option<&Both>, changed: Option<&Changed>| {
            let mut record = serde_json::json!({
                "step": self.step, "at_ms": self.at_ms, "node": self.lane.to_string(),
                "name": name[0], "name_zh": name[1],
                "value": value.map(|v| &v[0]), "value_zh": value.map(|v| &v[1]),
            });
            if let (Some(one), Some(object)) = (changed, record.as_object_mut()) {
                object.insert("change".into(), word(one.fate).into());
                if one.fate != Fate::Added {
                    object.insert("before".into(), one.before[0].clone().into());
                    object.insert("before_zh".into(), one.before[1].clone().into());
                }
            }
            format!("{record}\n")
        };
        let held = self.now.iter().map(|variable| {
            let changed = self.changed.iter().find(|one| one.name == variable.name);
            record(&variable.name, Some(&variable.value), changed)
        });
        let gone = self.changed.iter().filter(|one| one.fate == Fate::Gone);
        let gone = gone.map(|one| record(&one.name, None, Some(one)));
        held.chain(gone).collect()
    }
}

const fn sign(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "+",
        Fate::Changed => "≠",
        Fate::Gone => "−",
    }
}

const fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "new",
        Fate::Changed => "changed",
        Fate::Gone => "gone",
    }
}

fn pick(text: &Both, lang: Lang) -> &str {
    let [en, zh] = text;
    if lang == Lang::Zh { zh } else { en }
}

/// Columns that a text takes: Chinese characters take two.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if c >= '\u{2e80}' { 2 } else { 1 })
        .sum()
}

fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_steps_or_times_of_the_first_day() {
        assert_eq!("14".parse(), Ok(At::Step(14)));
        assert_eq!("09:30:00".parse(), Ok(At::Time(0)));
        assert_eq!("09:31:05.25".parse(), Ok(At::Time(65_250)));
        for wrong in [
            "09:29:59",
            "24:00:00",
            "09:30",
            "09:30:00.1234",
            "soon",
            "-1",
        ] {
            assert!(wrong.parse::<At>().is_err(), "{wrong}");
        }
    }
}
