//! The list of what a log holds: only the rows in view are drawn, whatever the length of the log.

use super::{Found, Report};
use crate::browser::{file, lab};
use crate::dom::{El, button, el, live};
use crate::shell::Shell;
use crate::words::{Lang, log as w};
use gloo::events::EventListener;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, File, MessageEvent, Worker};

/// The height of a row in CSS pixels, as the style sheet has it.
const ROW_PX: usize = 28;
/// Rows that are drawn at a time.
const DRAWN: usize = 60;

/// A log on the desk.
#[derive(Clone, Copy)]
pub struct Log {
    file: StoredValue<Option<File>, LocalStorage>,
    worker: StoredValue<Option<Worker>, LocalStorage>,
    found: RwSignal<Vec<Found>>,
    /// Bytes read, bytes in the file, and whether it has ended; `None` when there is no log.
    state: RwSignal<Option<(u64, u64, bool)>>,
}

impl Log {
    /// No log yet.
    pub fn new() -> Log {
        Log {
            file: StoredValue::new_local(None),
            worker: StoredValue::new_local(None),
            found: RwSignal::new(Vec::new()),
            state: RwSignal::new(None),
        }
    }

    /// Hands a file to the worker.
    pub fn open(self, file: File) {
        self.found.set(Vec::new());
        self.state.set(Some((0, file.size() as u64, false)));
        self.file.set_value(Some(file.clone()));
        lab::with_worker(move |worker| {
            if self.worker.with_value(Option::is_none) {
                let listener = EventListener::new(&worker, "message", move |event| {
                    let data = event.unchecked_ref::<MessageEvent>().data();
                    if let Some(report) = data.as_string().as_deref().and_then(Report::read) {
                        self.heed(report);
                    }
                });
                listener.forget();
                self.worker.set_value(Some(worker));
            }
            self.ask("log", Some(&file));
        });
    }

    /// Ends the job.
    pub fn stop(self) {
        self.ask("stop", None);
    }

    fn heed(self, report: Report) {
        self.found.update(|found| found.extend(report.found));
        self.state
            .set(Some((report.done, report.all, report.ended)));
    }

    fn ask(self, job: &str, file: Option<&File>) {
        let message = js_sys::Object::new();
        let set = |key: &str, value: &JsValue| {
            js_sys::Reflect::set(&message, &JsValue::from_str(key), value)
        };
        let _ = set("job", &JsValue::from_str(job));
        if let Some(file) = file {
            let _ = set("file", file);
        }
        self.worker.with_value(|worker| {
            if let Some(worker) = worker {
                let _ = worker.post_message(&message);
            }
        });
    }

    /// Reads one line again and hands it over.
    fn line(self, found: &Found, heed: impl FnOnce(String) + 'static) {
        let (from, to) = (
            found.offset as f64,
            (found.offset + u64::from(found.len)) as f64,
        );
        self.file.with_value(|file| {
            let part = file
                .as_ref()
                .and_then(|file| file.slice_with_f64_and_f64(from, to).ok());
            if let Some(part) = part {
                file::read_blob(&part, |bytes| {
                    heed(String::from_utf8_lossy(&bytes).into_owned())
                });
            }
        });
    }
}

impl Default for Log {
    fn default() -> Self {
        Log::new()
    }
}

/// Takes the text of a line that was clicked.
pub type Choose = Rc<dyn Fn(String)>;

/// The list. A click hands the text of a line over.
pub fn log_list(log: Log, choose: Choose) -> El {
    let progress = move || match log.state.get() {
        Some((done, all, _)) => (done as f64 / all.max(1) as f64).into(),
        None => 0.into(),
    };
    let running = move || log.state.get().is_some_and(|(_, _, ended)| !ended);
    let bar = el("progress", "")
        .attr("max", "1")
        .live_property("value", progress)
        .hidden(move || !running())
        .label(w::PROGRESS);
    let cancel = button("", move || log.stop()).hidden(move || !running());
    let close = button("link", move || log.state.set(None)).hidden(running);
    let top = el("div", "row spread")
        .child(el("p", "").attr("role", "status").live_text(said(log)))
        .child(bar)
        .child(cancel.say(w::CANCEL))
        .child(close.say(w::CLOSE));
    el("section", "log")
        .hidden(move || log.state.with(Option::is_none))
        .label(w::TITLE)
        .child(top)
        .child(rows(log, choose))
}

/// How far it is, in words.
fn said(log: Log) -> impl Fn() -> String {
    let lang = Shell::here().lang;
    move || {
        let (done, all, ended) = log.state.get().unwrap_or_default();
        let percent = (done * 100).checked_div(all).unwrap_or(100).to_string();
        let count = log.found.with(Vec::len).to_string();
        let phrase = if ended { w::ENDED } else { w::READING };
        phrase.with(lang.get(), &[("count", &count), ("percent", &percent)])
    }
}

/// The messages in view, on a ground as high as all of them.
fn rows(log: Log, choose: Choose) -> El {
    let lang = Shell::here().lang;
    let top = RwSignal::new(0usize);
    let drawn = move || {
        let (from, lang) = (top.get().saturating_sub(10), lang.get());
        log.found.with(|found| {
            let shown = found.iter().enumerate().skip(from).take(DRAWN);
            shown
                .map(|(index, one)| row(log, index, one, lang, &choose))
                .collect()
        })
    };
    let space = el("div", "log-space").live_children(drawn);
    let ground = space.clone();
    live(move || {
        let height = log.found.with(Vec::len) * ROW_PX;
        ground.clone().style("height", &format!("{height}px"));
    });
    let scroller = el("div", "log-rows");
    let scrolled = scroller.clone();
    scroller
        .attr("tabindex", "0")
        .attr("role", "region")
        .label(w::TITLE)
        .on("scroll", move |_| {
            let px = scrolled.get::<Element>().scroll_top();
            top.set(px.max(0) as usize / ROW_PX);
        })
        .child(space)
}

/// One message of the log.
fn row(log: Log, index: usize, found: &Found, lang: Lang, choose: &Choose) -> El {
    let [en, zh] = &found.sentence;
    let sentence = if lang == Lang::Zh { zh } else { en };
    let (mark, class) = if found.errors == 0 {
        ("✓", "ok")
    } else {
        ("✕", "bad")
    };
    let (asked, choose) = (found.clone(), Rc::clone(choose));
    let open = move || {
        let choose = Rc::clone(&choose);
        log.line(&asked, move |text| choose(text));
    };
    button("log-row", open)
        .style("top", &format!("{}px", index * ROW_PX))
        .child(el("span", "mono dim").text(&found.line.to_string()))
        .child(el("span", "mono").text(&found.mti))
        .child(el("span", class).attr("aria-hidden", "true").text(mark))
        .child(el("span", "said").text(sentence))
}
