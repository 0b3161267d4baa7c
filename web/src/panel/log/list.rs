//! The list of what a log holds: only the rows in view are drawn, whatever the length of the log.

use super::{Found, Report};
use crate::browser::{file, lab};
use crate::shell::Shell;
use crate::words::{Lang, log as w, t};
use gloo::events::EventListener;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{File, MessageEvent, Worker};

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

/// The list. A click hands the text of a line over.
#[component]
pub fn LogList(
    /// The log.
    log: Log,
    /// Takes the text of a line.
    #[prop(into)]
    choose: Callback<String>,
) -> impl IntoView {
    let lang = Shell::here().lang;
    let top = RwSignal::new(0usize);
    let scroller = NodeRef::<html::Div>::new();
    let scrolled = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            top.set(scroller.scroll_top().max(0) as usize / ROW_PX);
        }
    };
    let count = Memo::new(move |_| log.found.with(Vec::len));
    let words = move || {
        let (done, all, ended) = log.state.get().unwrap_or_default();
        let percent = (done * 100).checked_div(all).unwrap_or(100);
        let places = [
            ("count", count.get().to_string()),
            ("percent", percent.to_string()),
        ];
        let places = places
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let phrase = if ended { w::ENDED } else { w::READING };
        phrase.with(lang.get(), &places)
    };
    let running = move || log.state.get().is_some_and(|(_, _, ended)| !ended);
    let part = move || {
        log.state
            .get()
            .map_or(0.0, |(done, all, _)| done as f64 / all.max(1) as f64)
    };
    let rows = move || {
        let from = top.get().saturating_sub(10);
        log.found.with(|found| {
            let shown = found.iter().enumerate().skip(from).take(DRAWN);
            shown
                .map(|(index, one)| row(log, index, one.clone(), lang.get(), choose))
                .collect_view()
        })
    };
    view! {
        <section class="log" hidden=move || log.state.get().is_none() aria-label=t(w::TITLE)>
            <div class="row spread">
                <p role="status">{words}</p>
                <progress max="1" prop:value=part hidden=move || !running() aria-label=t(w::PROGRESS)></progress>
                <button type="button" hidden=move || !running() on:click=move |_| log.stop()>{t(w::CANCEL)}</button>
                <button type="button" class="link" hidden=running on:click=move |_| log.state.set(None)>
                    {t(w::CLOSE)}
                </button>
            </div>
            <div class="log-rows" node_ref=scroller tabindex="0" role="region" aria-label=t(w::TITLE) on:scroll=scrolled>
                <div class="log-space" style:height=move || format!("{}px", count.get() * ROW_PX)>
                    {rows}
                </div>
            </div>
        </section>
    }
}

/// One message of the log.
fn row(
    log: Log,
    index: usize,
    found: Found,
    lang: Lang,
    choose: Callback<String>,
) -> impl IntoView {
    let [en, zh] = found.sentence.clone();
    let sentence = if lang == Lang::Zh { zh } else { en };
    let (mark, class) = if found.errors == 0 {
        ("✓", "ok")
    } else {
        ("✕", "bad")
    };
    let (line, mti) = (found.line, found.mti.clone());
    view! {
        <button
            type="button"
            class="log-row"
            style:top=format!("{}px", index * ROW_PX)
            on:click=move |_| log.line(&found, move |text| choose.run(text))
        >
            <span class="mono dim">{line}</span>
            <span class="mono">{mti}</span>
            <span class=class aria-hidden="true">{mark}</span>
            <span class="said">{sentence}</span>
        </button>
    }
}
