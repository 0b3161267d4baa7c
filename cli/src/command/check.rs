//! `poslab check`: every placement of up to n faults, on all cores, or seeded random days.

use crate::look::Look;
use clap::Args;
use poslab_core::node::{Protection, ROWS};
use poslab_core::sim::{
    Check, CounterExample, Day, Found, MODELS, Model, Reached, Scenario, Stage, World, model,
};
use poslab_core::trace::{Tape, line, line_zh};
use poslab_core::view::moral::moral;
use poslab_core::words::Lang;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Look for a schedule of faults that loses money.
#[derive(Args)]
pub struct CheckVerb {
    /// A model; all of them unless one is named.
    model: Option<String>,
    /// Up to how many faults.
    #[arg(long, value_name = "N")]
    faults: Option<u8>,
    /// Switch a protection off.
    #[arg(long, value_name = "PROTECTION")]
    without: Vec<Protection>,
    /// Random days with these seeds instead: A..B.
    #[arg(long, value_name = "A..B")]
    seeds: Option<String>,
    /// List the protections: a line each, the name first.
    #[arg(long)]
    list_protections: bool,
    /// List the models.
    #[arg(long)]
    list: bool,
}

/// A check that did not take place: the words and the exit code.
struct Failed(String, u8);

impl CheckVerb {
    /// Runs the verb.
    pub fn run(self, look: &Look) -> ExitCode {
        let result = if self.list_protections {
            protections(look)
        } else if self.list {
            models(look)
        } else if let Some(seeds) = &self.seeds {
            self.days(seeds, look)
        } else {
            self.models(look)
        };
        match result {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::from(1),
            Err(Failed(words, code)) => {
                eprintln!("poslab check: {words}");
                ExitCode::from(code)
            }
        }
    }

    fn models(&self, look: &Look) -> Result<bool, Failed> {
        let stage = stage()?;
        let chosen: Vec<&Model> = match &self.model {
            None => MODELS.iter().collect(),
            Some(name) => vec![model(name).ok_or_else(|| {
                let names: Vec<&str> = MODELS.iter().map(|m| m.name).collect();
                Failed(
                    format!("no model {name:?}; there are {}", names.join(" ")),
                    2,
                )
            })?],
        };
        let mut reached = Reached::default();
        for model in chosen {
            let faults = self.faults.unwrap_or(model.faults.min(1));
            let mut total = Found::default();
            for n in 0..=faults {
                let check = model.check(&stage, n, &self.without);
                total = on_all_cores(&check, look);
                if total.counter_example.is_some() {
                    break;
                }
            }
            reached.merge(total.reached);
            let words = look.say("schedules", "种故障安排");
            let steps = look.say("steps", "步");
            let (runs, count) = (total.schedules, total.steps);
            print(&format!(
                "{}: {runs} {words}, {count} {steps}\n",
                model.name
            ))?;
            if let Some(example) = &total.counter_example {
                self.show(&stage, example, look)?;
                return Ok(false);
            }
            if total.stopped > 0 {
                let faults: Vec<String> = total.endless.iter().map(|f| f.to_string()).collect();
                print(&format!("never quiet after {}\n", faults.join(" + ")))?;
                return Ok(false);
            }
        }
        if self.model.is_none() && self.without.is_empty() {
            reached.merge(scenarios(&stage)?);
        }
        sometimes(reached, look)?;
        print(look.say("nothing found\n", "未发现违例\n"))?;
        Ok(true)
    }

    fn show(
        &self,
        stage: &Arc<Stage>,
        example: &CounterExample,
        look: &Look,
    ) -> Result<(), Failed> {
        let zh = look.lang() == Lang::Zh;
        let off = &example.scenario.world.without;
        let mut out = moral(off, example.faults.len(), &example.broken, zh) + "\n";
        for broken in &example.broken {
            let (en, cn) = broken.property.words();
            let name = broken.property.name();
            out += &format!("{name} {}\n", if zh { cn } else { en });
        }
        for fault in &example.faults {
            out += &format!("{} {fault}\n", look.say("fault", "故障"));
        }
        out += &format!("\n{}\n\n", example.scenario.to_json());
        for event in example.trace(stage) {
            out += &if zh { line_zh(&event) } else { line(&event) };
            out.push('\n');
        }
        print(&out)
    }

    fn days(&self, seeds: &str, look: &Look) -> Result<bool, Failed> {
        let wrong = || Failed(format!("--seeds {seeds}: expected A..B, like 0..1000"), 2);
        let (from, to) = seeds.split_once("..").ok_or_else(wrong)?;
        let from: u64 = from.parse().map_err(|_| wrong())?;
        let to: u64 = to.parse().map_err(|_| wrong())?;
        let stage = stage()?;
        let day = Day {
            trades: 50,
            one_in: 400,
        };
        let next = AtomicU64::new(from);
        let (faults, done) = (AtomicU64::new(0), AtomicU64::new(0));
        let cleared = AtomicU64::new(0);
        let bad = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..cores() {
                scope.spawn(|| {
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= to {
                            break;
                        }
                        let result = day.run(&stage, seed, &mut Tape::off());
                        faults.fetch_add(u64::from(result.faults), Ordering::Relaxed);
                        cleared.fetch_add(u64::from(result.world.cleared_up()), Ordering::Relaxed);
                        let n = done.fetch_add(1, Ordering::Relaxed) + 1;
                        if !look.quiet && n.is_multiple_of(500) {
                            eprintln!("{n} of {}", to - from);
                        }
                        if !result.quiet || !result.world.broken().is_empty() {
                            let found = result.world.broken().to_vec();
                            if let Ok(mut bad) = bad.lock() {
                                bad.push((seed, found));
                            }
                        }
                    }
                });
            }
        });
        let faults = faults.into_inner();
        let mut bad = bad.into_inner().unwrap_or_default();
        bad.sort_by_key(|b| b.0);
        let (days, words) = (
            to.saturating_sub(from),
            look.say("days, faults:", "日，故障："),
        );
        print(&format!(
            "{days} {words} {faults}, {} {}, {} {}\n",
            cleared.into_inner(),
            look.say("cleared to the cent", "清算分文不差"),
            bad.len(),
            look.say("wrong", "异常")
        ))?;
        let zh = look.lang() == Lang::Zh;
        for (seed, broken) in &bad {
            let what: Vec<String> = broken
                .iter()
                .map(|b| format!("{} {}", b.property.name(), b.detail.words(zh)))
                .collect();
            print(&format!("{seed}: {}\n", what.join("; ")))?;
        }
        Ok(bad.is_empty())
    }
}

/// What the shipped scenarios reach.
fn scenarios(stage: &Arc<Stage>) -> Result<Reached, Failed> {
    let mut reached = Reached::default();
    for (name, text) in poslab_core::sim::scenarios() {
        let scenario =
            Scenario::read(text, stage).map_err(|e| Failed(format!("{name}: {e}"), 70))?;
        let mut world = World::new(stage, &scenario, 0);
        world.run_to_end(&mut Tape::off());
        reached.merge(world.reached());
    }
    Ok(reached)
}

/// The list of what must sometimes be reached: how much of it was, and what was not.
fn sometimes(reached: Reached, look: &Look) -> Result<(), Failed> {
    let zh = look.lang() == Lang::Zh;
    let list = |reached_ones: bool| {
        let words: Vec<String> = reached.goals(reached_ones).map(|g| g.words(zh)).collect();
        words.join(look.say(", ", "、"))
    };
    print(&format!(
        "{}: {}\n",
        look.say("reached", "到达过"),
        list(true)
    ))?;
    let missed = list(false);
    if missed.is_empty() {
        return Ok(());
    }
    print(&format!(
        "{}: {missed}\n",
        look.say("never reached", "未到达")
    ))
}

/// Runs the pieces of a check side by side. What comes out is what one thread would find that
/// takes the pieces in turn: a counter-example stops the pieces behind its own, never those before.
fn on_all_cores(check: &Check, look: &Look) -> Found {
    let pieces = Mutex::new(check.split().into_iter().rev().enumerate());
    let first_to_find = AtomicUsize::new(usize::MAX);
    let count = AtomicU64::new(0);
    let parts = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(|| {
                while let Some((place, work)) = pieces.lock().ok().and_then(|mut p| p.next()) {
                    let mut before = 0;
                    let found = check.run(work, &mut |found| {
                        let n = count.fetch_add(found.schedules - before, Ordering::Relaxed);
                        before = found.schedules;
                        if !look.quiet && n > 0 && n.is_multiple_of(20_000) {
                            eprintln!("{n} …");
                        }
                        if found.counter_example.is_some() {
                            first_to_find.fetch_min(place, Ordering::Relaxed);
                        }
                        first_to_find.load(Ordering::Relaxed) <= place
                    });
                    if let Ok(mut parts) = parts.lock() {
                        parts.push((place, found));
                    }
                    if first_to_find.load(Ordering::Relaxed) <= place {
                        break;
                    }
                }
            });
        }
    });
    let last = first_to_find.into_inner();
    let mut total = Found::default();
    let mut parts = parts.into_inner().unwrap_or_default();
    parts.sort_by_key(|(place, _)| *place);
    for (_, found) in parts.into_iter().filter(|(place, _)| *place <= last) {
        total.merge(found);
    }
    total
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn stage() -> Result<Arc<Stage>, Failed> {
    Stage::load().map_err(|e| Failed(e.to_string(), 70))
}

fn protections(look: &Look) -> Result<bool, Failed> {
    let zh = look.lang() == Lang::Zh;
    let mut out = String::new();
    for row in &ROWS {
        let off = if zh { row.off_zh } else { row.off };
        let breaks = row.breaks.join("/");
        let name = row.protection.name();
        out += &format!(
            "{name:<24} {:<17} {} {breaks:<6} {off}\n",
            row.model, row.faults
        );
    }
    print(&out)?;
    Ok(true)
}

fn models(look: &Look) -> Result<bool, Failed> {
    let zh = look.lang() == Lang::Zh;
    let mut out = String::new();
    for m in &MODELS {
        out += &format!("{:<18} {}\n", m.name, if zh { m.zh } else { m.en });
    }
    print(&out)?;
    Ok(true)
}

/// Writes to standard output; a closed pipe ends the run in silence.
fn print(text: &str) -> Result<(), Failed> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(e) => Err(Failed(e.to_string(), 4)),
    }
}
