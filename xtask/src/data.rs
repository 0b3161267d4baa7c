//! The packs of tables and texts beside the wasm modules: each file is fetched once, for all of
//! them. `poslab_core::data` says what a pack looks like.

use crate::fail::Fail;
use crate::tool;
use poslab_core::spec::{builtin, builtin_names, prebuilt};
use std::path::{Path, PathBuf};

/// A pack: its file in `dist/`, and what of `core/` is in it.
struct Pack {
    name: &'static str,
    /// Files, or those of a folder with an ending.
    from: &'static [(&'static str, &'static str)],
    /// Whether the built-in dialects are in it, as they are after loading.
    loaded: bool,
}

/// What the first message needs, what the panels fetched later need, and what few messages need.
/// The first module has no loader: the files of the dialects are for the others.
const PACKS: [Pack; 3] = [
    Pack {
        name: "specs.data",
        from: &[("specs", "tsv"), ("words/hints.tsv", "")],
        loaded: true,
    },
    Pack {
        name: "words.data",
        from: &[("words", ""), ("scenarios", ""), ("specs", "json")],
        loaded: false,
    },
    Pack {
        name: "gbk.data",
        from: &[("src/bytes/gbk.bin", "")],
        loaded: false,
    },
];

/// A file of a pack: its path there, and what is in it.
type Packed = (String, Vec<u8>);

/// The names of the packs, as they stand in `dist/`.
pub fn names() -> [&'static str; PACKS.len()] {
    PACKS.map(|pack| pack.name)
}

/// Writes every pack.
pub fn build(dist: &Path) -> Result<(), Fail> {
    for pack in PACKS {
        let mut files = Vec::new();
        for (from, ending) in pack.from {
            files.extend(files_of(from, ending)?);
        }
        if pack.loaded {
            files.extend(loaded());
        }
        let target = dist.join(pack.name);
        std::fs::write(&target, packed(files)).map_err(Fail::file(&target))?;
    }
    Ok(())
}

/// Every built-in dialect after loading.
fn loaded() -> Vec<Packed> {
    let loaded = builtin_names().filter_map(|name| {
        let bytes = prebuilt::write(&*builtin(name)?).ok()?;
        Some((format!("specs/{name}.dialect"), bytes))
    });
    loaded.collect()
}

/// A file of `core/`, or those of a folder that end so, in the order of their names.
fn files_of(from: &str, ending: &str) -> Result<Vec<Packed>, Fail> {
    let core = tool::root().join("core");
    let path = core.join(from);
    let mut files: Vec<PathBuf> = if path.is_file() {
        vec![path]
    } else {
        let entries = std::fs::read_dir(&path).map_err(Fail::file(&path))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let wanted = |path: &PathBuf| path.is_file() && path.to_string_lossy().ends_with(ending);
        paths.filter(wanted).collect()
    };
    files.sort();
    let read = |file: PathBuf| {
        let bytes = std::fs::read(&file).map_err(Fail::file(&file))?;
        let path = file.strip_prefix(&core).unwrap_or(&file).to_string_lossy();
        Ok((path.replace('\\', "/"), bytes))
    };
    files.into_iter().map(read).collect()
}

/// The list of files, an empty line, the files.
fn packed(files: Vec<Packed>) -> Vec<u8> {
    let (mut list, mut bodies) = (String::new(), Vec::new());
    for (path, bytes) in files {
        list += &format!("{path} {}\n", bytes.len());
        bodies.extend(bytes);
    }
    list.push('\n');
    let mut pack = list.into_bytes();
    pack.append(&mut bodies);
    pack
}

#[cfg(test)]
mod tests {
    use super::{files_of, loaded, packed};

    #[test]
    fn a_pack_lists_its_files() {
        let files = files_of("specs", "json").expect("the folder is there");
        let count = files.len();
        let pack = packed(files);
        let pack = String::from_utf8(pack).expect("specs are text");
        let (list, bodies) = pack.split_once("\n\n").expect("the list ends");
        assert_eq!(list.lines().count(), count);
        assert!(list.contains("specs/unionpay-pos.json "), "{list}");
        let lens = list.lines().filter_map(|line| line.split(' ').next_back());
        let total: usize = lens.filter_map(|len| len.parse::<usize>().ok()).sum();
        assert_eq!(total, bodies.len());
        assert_eq!(loaded().len(), count, "each file is a dialect that loads");
    }
}
