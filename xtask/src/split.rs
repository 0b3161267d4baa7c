//! One wasm program as two files: what its worker runs, and the views that only the document needs.
//!
//! The simulator and the views over it share one memory, so they are one program; but the worker
//! draws nothing, and one file of both would be twice what a later part may weigh. So the program is
//! cut after it is optimised, and nothing stands in both files:
//!
//! - the first file is the program as the glue knows it: every export, the memory with its data, the
//!   table of function pointers;
//! - the second imports memory, table and functions from the first, and puts its own functions into
//!   the table. A call from the first file to the second goes through the table.
//!
//! Which functions draw is told from their names; with them goes whatever is called by nothing else.
//! A name that is told wrongly costs bytes and never changes what a document does: there both files
//! are joined before anything runs. The worker runs the first file alone, and stops where it needs
//! something of the second: so the page tests let it run every model, every rule and a log.

use crate::fail::Fail;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind,
    GlobalKind, ImportKind, ImportedFunction, LocalFunction, Module, ModuleConfig, TableId,
};

/// By what name the second file calls the first.
const FIRST: &str = "world";

/// A program in two files.
pub struct Halves {
    /// What runs by itself.
    pub first: Vec<u8>,
    /// What is joined to it.
    pub second: Vec<u8>,
}

/// Functions by their number in the program, which is the same each time it is read.
type Numbers = HashSet<usize>;

/// Which functions go where, and how they reach each other.
struct Plan {
    /// Functions of the second file.
    moved: Numbers,
    /// Functions of the first file that the second calls.
    lent: BTreeSet<usize>,
    /// Functions of the second file that the first calls, with their slots in the table.
    called: BTreeMap<usize, u32>,
    /// Slots that the table does not have yet.
    added: u32,
}

/// Cuts a program that has the names of its functions.
pub fn split(program: &[u8]) -> Result<Halves, Fail> {
    let module = read(program)?;
    let plan = Plan::of(&module)?;
    drop(module);
    let mut second = second(read(program)?, &plan)?;
    let mut first = first(read(program)?, &plan, &second)?;
    Ok(Halves {
        first: first.emit_wasm(),
        second: second.emit_wasm(),
    })
}

fn read(program: &[u8]) -> Result<Module, Fail> {
    let mut config = ModuleConfig::new();
    config
        .generate_name_section(false)
        .generate_producers_section(false);
    config
        .parse(program)
        .map_err(|error| refuse(&error.to_string()))
}

fn refuse(what: &str) -> Fail {
    Fail::Split(what.to_owned())
}

/// Crates and modules whose functions draw.
const DRAWING: [&str; 9] = [
    "leptos",
    "tachys::",
    "reactive_graph::",
    "poslab_web::panel::theatre",
    "poslab_web::panel::pin_pad",
    "poslab_web::panel::break_it",
    "poslab_web::panel::lab::start",
    "poslab_web::shell",
    "poslab_web::widget",
];

/// Modules among those that the worker runs.
const WORKING: [&str; 1] = ["poslab_web::panel::break_it::engine"];

/// The machines that the worker's models do without: the PIN pads on a cable.
const BESIDE: [&str; 2] = ["poslab_core::pad::", "num_bigint::"];

/// Below so many instructions a function may be two at once: the compiler keeps one of those that
/// do the same, and the name of either. Above twice as many, that would be a strange accident.
const DISTINCT: u64 = 24;

/// Whether a function draws, by its name and its length: `leptos::…`, `<T as tachys::…>::…`, and
/// what drops or copies something of theirs.
fn draws(name: &str, len: u64) -> bool {
    let path = name.trim_start_matches(['<', '&', '(', '[']);
    let any = ["T as ", "F as "]
        .iter()
        .find_map(|any| path.strip_prefix(any));
    let path = any.unwrap_or(path);
    let begins = |part: &&str| path.starts_with(*part);
    let within = |part: &&str| len >= 2 * DISTINCT && name.contains(*part);
    DRAWING.iter().any(|part| begins(part) || within(part))
        && !WORKING.iter().any(|part| name.contains(part))
}

/// Whether a function belongs to a PIN pad, by its name. What copies and drops them stays: that is
/// called where there is none, too.
fn beside(name: &str, _: u64) -> bool {
    BESIDE.iter().any(|part| name.starts_with(part))
}

/// The functions that a function names.
#[derive(Default)]
struct Callees(Vec<FunctionId>);

impl Visitor<'_> for Callees {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.push(*function);
    }
}

/// Every function with those it names.
fn calls(module: &Module) -> HashMap<usize, Vec<usize>> {
    let of = |(id, function): (FunctionId, &LocalFunction)| {
        let mut callees = Callees::default();
        dfs_in_order(&mut callees, function, function.entry_block());
        (id.index(), callees.0.iter().map(|id| id.index()).collect())
    };
    module.funcs.iter_local().map(of).collect()
}

/// The table of function pointers, and the function in each slot of it.
fn table(module: &Module) -> Result<(TableId, BTreeMap<u32, FunctionId>), Fail> {
    let main = module.tables.main_function_table();
    let main = main.map_err(|error| refuse(&error.to_string()))?;
    let main = main.ok_or_else(|| refuse("the program has no table of functions"))?;
    let mut slots = BTreeMap::new();
    for element in module.elements.iter() {
        match (&element.kind, &element.items) {
            (
                ElementKind::Active {
                    table,
                    offset: ConstExpr::Value(Value::I32(offset)),
                },
                ElementItems::Functions(functions),
            ) if *table == main => {
                slots.extend((offset.cast_unsigned()..).zip(functions.iter().copied()));
            }
            _ => return Err(refuse("a part of the table is not a list of functions")),
        }
    }
    Ok((main, slots))
}

/// Adds closures and the like that call one of them: a pointer to them is all that leads there, so
/// whoever makes others draw draws.
fn with_callers(
    calls: &HashMap<usize, Vec<usize>>,
    pointed: &Numbers,
    mut drawing: Numbers,
) -> Numbers {
    loop {
        let calls_one = |number: &&usize| {
            let mut callees = calls.get(*number).into_iter().flatten();
            callees.any(|callee| drawing.contains(callee))
        };
        let rest = pointed.difference(&drawing);
        let more: Vec<usize> = rest.filter(calls_one).copied().collect();
        if more.is_empty() {
            return drawing;
        }
        drawing.extend(more);
    }
}

/// The functions that are told from their names and their lengths.
fn told(module: &Module, tell: fn(&str, u64) -> bool) -> Numbers {
    let of = |(id, function): (FunctionId, &LocalFunction)| {
        let (name, len) = (module.funcs.get(id).name.as_deref()?, function.size());
        (len >= DISTINCT && tell(name, len)).then(|| id.index())
    };
    module.funcs.iter_local().filter_map(of).collect()
}

/// Functions that are called by these, and are none of them.
fn callees(of: &Numbers, calls: &HashMap<usize, Vec<usize>>) -> BTreeSet<usize> {
    let all = of.iter().filter_map(|number| calls.get(number)).flatten();
    all.copied().filter(|callee| !of.contains(callee)).collect()
}

impl Plan {
    fn of(module: &Module) -> Result<Plan, Fail> {
        let calls = calls(module);
        let (main, slots) = table(module)?;
        let pointed: Numbers = slots.values().map(|id| id.index()).collect();
        let mut leaving = with_callers(&calls, &pointed, told(module, draws));
        leaving.extend(told(module, beside));
        let exported = module.exports.iter().filter_map(|one| match one.item {
            ExportItem::Function(id) => Some(id.index()),
            _ => None,
        });
        // Whatever else is exported, pointed to, or called from there, stays.
        let start = module.start.map(|id| id.index());
        let mut to_see: Vec<usize> = exported.chain(start).collect();
        to_see.extend(pointed.difference(&leaving));
        let mut kept = Numbers::new();
        while let Some(number) = to_see.pop() {
            if kept.insert(number) {
                let callees = calls.get(&number).into_iter().flatten();
                to_see.extend(callees.filter(|callee| !leaving.contains(callee)));
            }
        }
        let moves = |number: &usize| !kept.contains(number);
        let moved: Numbers = calls.keys().copied().filter(moves).collect();
        let slot_of: HashMap<usize, u32> = slots.iter().map(|(k, id)| (id.index(), *k)).collect();
        let size = u32::try_from(module.tables.get(main).initial).unwrap_or(u32::MAX);
        let mut added = 0;
        let far = callees(&kept, &calls);
        let called = far.into_iter().filter(|number| moved.contains(number));
        let slotted = called.map(|number| {
            let slot = slot_of.get(&number).copied().unwrap_or_else(|| {
                added += 1;
                size + added - 1
            });
            (number, slot)
        });
        let called = slotted.collect();
        let lent = callees(&moved, &calls);
        Ok(Plan {
            moved,
            lent,
            called,
            added,
        })
    }

    /// The table's parts in one of the files, as runs of slots that follow each other.
    fn runs(&self, slots: &BTreeMap<u32, FunctionId>, second: bool) -> Vec<(u32, Vec<FunctionId>)> {
        let mut runs: Vec<(u32, Vec<FunctionId>)> = Vec::new();
        let here = slots
            .iter()
            .filter(|(_, id)| self.moved.contains(&id.index()) == second);
        for (slot, id) in here {
            match runs.last_mut() {
                Some((from, run)) if *from + run.len() as u32 == *slot => run.push(*id),
                _ => runs.push((*slot, vec![*id])),
            }
        }
        runs
    }
}

/// Puts runs of slots in place of the table's parts.
fn fill(module: &mut Module, table: TableId, runs: Vec<(u32, Vec<FunctionId>)>) {
    let old: Vec<_> = module.elements.iter().map(walrus::Element::id).collect();
    for id in old {
        module.elements.delete(id);
        module.tables.get_mut(table).elem_segments.remove(&id);
    }
    for (slot, functions) in runs {
        let offset = ConstExpr::Value(Value::I32(slot.cast_signed()));
        let kind = ElementKind::Active { table, offset };
        let id = module
            .elements
            .add(kind, ElementItems::Functions(functions));
        module.tables.get_mut(table).elem_segments.insert(id);
    }
}

/// The second file: everything but what was moved is imported.
fn second(mut module: Module, plan: &Plan) -> Result<Module, Fail> {
    let (main, mut slots) = table(&module)?;
    let ids: HashMap<usize, FunctionId> = module
        .funcs
        .iter()
        .map(|f| (f.id().index(), f.id()))
        .collect();
    slots.extend(
        plan.called
            .iter()
            .filter_map(|(number, slot)| Some((*slot, *ids.get(number)?))),
    );
    fill(&mut module, main, plan.runs(&slots, true));
    module.start = None;
    let exports: Vec<_> = module.exports.iter().map(walrus::Export::id).collect();
    exports.into_iter().for_each(|id| module.exports.delete(id));
    let data: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    data.into_iter().for_each(|id| module.data.delete(id));
    for (name, number) in plan.lent.iter().enumerate() {
        borrow(&mut module, ids[number], &name.to_string());
    }
    share(&mut module, plan);
    walrus::passes::gc::run(&mut module);
    Ok(module)
}

/// Makes a function one of the first file's.
fn borrow(module: &mut Module, id: FunctionId, name: &str) {
    if let FunctionKind::Import(imported) = &module.funcs.get(id).kind {
        let import = module.imports.get_mut(imported.import);
        FIRST.clone_into(&mut import.module);
        name.clone_into(&mut import.name);
        return;
    }
    let import = module.imports.add(FIRST, name, ImportKind::Function(id));
    let function = module.funcs.get_mut(id);
    let ty = function.ty();
    function.kind = FunctionKind::Import(ImportedFunction { import, ty });
}

/// The name under which a memory, table or global is lent.
fn shared(kind: char, number: usize) -> String {
    format!("{kind}{number}")
}

/// Makes memory, tables and globals those of the first file.
fn share(module: &mut Module, plan: &Plan) {
    for memory in module.memories.iter_mut() {
        let name = shared('m', memory.id().index());
        memory.import = Some(
            module
                .imports
                .add(FIRST, &name, ImportKind::Memory(memory.id())),
        );
        memory.data_segments.clear();
    }
    let main = module.tables.main_function_table();
    for table in module.tables.iter_mut() {
        let name = shared('t', table.id().index());
        table.import = Some(
            module
                .imports
                .add(FIRST, &name, ImportKind::Table(table.id())),
        );
    }
    if let Ok(Some(main)) = main {
        grow(module.tables.get_mut(main), plan.added);
    }
    let globals: Vec<_> = module.globals.iter().map(walrus::Global::id).collect();
    for id in globals {
        let name = shared('g', id.index());
        let import = module.imports.add(FIRST, &name, ImportKind::Global(id));
        module.globals.get_mut(id).kind = GlobalKind::Import(import);
    }
}

fn grow(table: &mut walrus::Table, slots: u32) {
    table.initial += u64::from(slots);
    table.maximum = table.maximum.map(|maximum| maximum + u64::from(slots));
}

/// The first file: what was moved is called through the table, what the second needs is exported.
fn first(mut module: Module, plan: &Plan, second: &Module) -> Result<Module, Fail> {
    let (main, slots) = table(&module)?;
    let ids: HashMap<usize, FunctionId> = module
        .funcs
        .iter()
        .map(|f| (f.id().index(), f.id()))
        .collect();
    fill(&mut module, main, plan.runs(&slots, false));
    grow(module.tables.get_mut(main), plan.added);
    for (number, slot) in &plan.called {
        pass_on(&mut module, ids[number], main, *slot);
    }
    for (name, number) in plan.lent.iter().enumerate() {
        module.exports.add(&name.to_string(), ids[number]);
    }
    let named = |name: &str| second.imports.find(FIRST, name).is_some();
    let memories = module
        .memories
        .iter()
        .map(|m| (shared('m', m.id().index()), ExportItem::Memory(m.id())));
    let tables = module
        .tables
        .iter()
        .map(|t| (shared('t', t.id().index()), ExportItem::Table(t.id())));
    let globals = module
        .globals
        .iter()
        .map(|g| (shared('g', g.id().index()), ExportItem::Global(g.id())));
    let all: Vec<_> = memories.chain(tables).chain(globals).collect();
    for (name, item) in all {
        if named(&name) {
            module.exports.add(&name, item);
        }
    }
    walrus::passes::gc::run(&mut module);
    Ok(module)
}

/// Makes a function one that calls a slot of the table with what it was given.
fn pass_on(module: &mut Module, id: FunctionId, table: TableId, slot: u32) {
    let ty = module.funcs.get(id).ty();
    let (params, results) = module.types.params_results(ty);
    let (params, results) = (params.to_vec(), results.to_vec());
    let args: Vec<_> = params.iter().map(|ty| module.locals.add(*ty)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    let mut body = builder.func_body();
    for arg in &args {
        body.local_get(*arg);
    }
    body.i32_const(slot.cast_signed()).call_indirect(ty, table);
    module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(args));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that counts in its memory: `start`, which the worker runs, calls a view through the
    /// first file and machines by itself; the view calls a machine back.
    fn program() -> Vec<u8> {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        let table = module
            .tables
            .add_local(false, 1, Some(1), walrus::RefType::FUNCREF);
        let machine = function(&mut module, "poslab_core::sim::step", &[]);
        let view = function(&mut module, "leptos::draw", &[machine]);
        let pointed = function(&mut module, "FnOnce::call_once", &[view]);
        let run = function(&mut module, "start", &[view, machine]);
        module.exports.add("start", run);
        fill(&mut module, table, vec![(0, vec![pointed])]);
        module.emit_wasm()
    }

    /// A function long enough to be distinct that calls others.
    fn function(module: &mut Module, name: &str, calls: &[FunctionId]) -> FunctionId {
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        let mut body = builder.func_body();
        for number in 0..30 {
            body.i32_const(number).drop();
        }
        for id in calls {
            body.call(*id);
        }
        let id = builder.finish(Vec::new(), &mut module.funcs);
        module.funcs.get_mut(id).name = Some(name.to_owned());
        id
    }

    fn locals(module: &Module) -> usize {
        module.funcs.iter_local().count()
    }

    #[test]
    fn the_halves_hold_the_program_once_and_fit_together() {
        let halves = split(&program()).expect("it can be cut");
        let first = Module::from_buffer(&halves.first).expect("the first half is a program");
        let second = Module::from_buffer(&halves.second).expect("so is the second");
        // Start, the machine, and what calls the view's slot; the view and the closure around it.
        assert_eq!((locals(&first), locals(&second)), (3, 2));
        let names: Vec<&str> = first.exports.iter().map(|one| one.name.as_str()).collect();
        let wanted = second.imports.iter().map(|one| one.name.as_str());
        let missing: Vec<&str> = wanted.filter(|name| !names.contains(name)).collect();
        assert_eq!(missing, Vec::<&str>::new(), "of {names:?}");
        assert!(names.contains(&"start") && names.contains(&"memory"));
        assert!(second.exports.iter().next().is_none());
    }

    #[test]
    fn each_half_fills_its_own_slots() {
        let halves = split(&program()).expect("it can be cut");
        let [first, second] = [&halves.first, &halves.second].map(|half| {
            let module = Module::from_buffer(half).expect("a program");
            let (main, slots) = table(&module).expect("a table");
            let size = module.tables.get(main).initial;
            (slots.into_keys().collect::<Vec<u32>>(), size)
        });
        // The view had no slot, so the table is longer by one.
        assert_eq!((first, second), ((vec![], 2), (vec![0, 1], 2)));
    }

    #[test]
    fn names_tell_what_draws() {
        for name in ["<T as tachys::view::Render>::build", "leptos::mount"] {
            assert!(draws(name, DISTINCT), "{name}");
        }
        let dropping = "core::ptr::drop_in_place<tachys::view::Any>";
        assert!(!draws(dropping, DISTINCT) && draws(dropping, 2 * DISTINCT));
        assert!(!draws("poslab_web::panel::break_it::engine::go_on", 900));
        assert!(beside("poslab_core::pad::session::Session::next", 900));
        assert!(!beside("<poslab_core::pad::Task as Clone>::clone", 900));
    }
}
