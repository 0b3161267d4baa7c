//! The dialects that people brought along: imported once, known to every panel of every module,
//! gone with the page.

use crate::browser::event;
use leptos::prelude::*;
use poslab_core::spec::{Dialect, builtin, builtin_names, builtin_source, load, to_json};
use std::sync::Arc;

/// The shelf.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// The imported dialects, in the order they came.
    pub imported: RwSignal<Vec<Arc<Dialect>>>,
    /// How often tables were handed over late; what was read before that is read again.
    pub tables: RwSignal<u32>,
}

impl Shelf {
    /// Offers an empty shelf to the views below; it fills with what any module brings.
    pub fn provide() {
        let shelf = Shelf {
            imported: RwSignal::new(Vec::new()),
            tables: RwSignal::new(0),
        };
        event::on(event::DIALECT, move |file| shelf.take(&file));
        event::on(event::TABLES, move |_| {
            shelf.tables.update(|count| *count += 1)
        });
        provide_context(shelf);
    }

    /// The shelf above this view.
    pub fn here() -> Shelf {
        expect_context::<Shelf>()
    }

    /// Puts a dialect on the shelf of every module, in place of one with the same name.
    pub fn put(self, dialect: &Dialect) {
        event::send(event::DIALECT, &to_json(dialect).to_string());
    }

    fn take(self, file: &str) {
        // What a module sends was a dialect there, so it is one here.
        let Ok(dialect) = load(file, &builtin_source) else {
            return;
        };
        self.imported.update(|list| {
            list.retain(|one| one.name() != dialect.name());
            list.push(Arc::new(dialect));
        });
    }

    /// A dialect by name: imported ones first.
    pub fn find(self, name: &str) -> Option<Arc<Dialect>> {
        let own = self
            .imported
            .with(|list| list.iter().find(|one| one.name() == name).cloned());
        own.or_else(|| builtin(name))
    }

    /// The names of all dialects: imported ones first.
    pub fn names(self) -> Vec<String> {
        let own = self.imported.with(|list| {
            list.iter()
                .map(|one| one.name().to_owned())
                .collect::<Vec<String>>()
        });
        own.into_iter()
            .chain(builtin_names().map(str::to_owned))
            .collect()
    }
}
