//! The packs of tables and texts beside the wasm modules: each file is fetched once, for all of
//! them. `poslab_core::data` says what a pack looks like.

use crate::fail::Fail;
use crate::tool;
use std::path::{Path, PathBuf};

/// A pack: its file in `dist/`, and the files or folders of `core/` in it.
struct Pack {
    name: &'static str,
    from: &'static [&'static str],
}

/// What the first message needs, what the panels fetched later need, and what few messages need.
const PACKS: [Pack; 3] = [
    Pack {
        name: "specs.data",
        from: &["specs", "words/hints.tsv"],
    },
    Pack {
        name: "words.data",
        from: &["words", "scenarios"],
    },
    Pack {
        name: "gbk.data",
        from: &["src/bytes/gbk.bin"],
    },
];

/// The names of the packs, as they stand in `dist/`.
pub fn names() -> [&'static str; PACKS.len()] {
    PACKS.map(|pack| pack.name)
}

/// Writes every pack.
pub fn build(dist: &Path) -> Result<(), Fail> {
    let core = tool::root().join("core");
    for pack in PACKS {
        let mut files = Vec::new();
        for from in pack.from {
            files.extend(files_of(&core.join(from))?);
        }
        let target = dist.join(pack.name);
        std::fs::write(&target, packed(&core, &files)?).map_err(Fail::file(&target))?;
    }
    Ok(())
}

/// A file, or the files of a folder in the order of their names.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, Fail> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let entries = std::fs::read_dir(path).map_err(Fail::file(path))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

/// The list of files, an empty line, the files.
fn packed(core: &Path, files: &[PathBuf]) -> Result<Vec<u8>, Fail> {
    let (mut list, mut bodies) = (String::new(), Vec::new());
    for file in files {
        let bytes = std::fs::read(file).map_err(Fail::file(file))?;
        let path = file.strip_prefix(core).unwrap_or(file).to_string_lossy();
        list += &format!("{} {}\n", path.replace('\\', "/"), bytes.len());
        bodies.extend(bytes);
    }
    list.push('\n');
    let mut pack = list.into_bytes();
    pack.append(&mut bodies);
    Ok(pack)
}

#[cfg(test)]
mod tests {
    use super::{files_of, packed};
    use crate::tool;

    #[test]
    fn a_pack_lists_its_files() {
        let core = tool::root().join("core");
        let files = files_of(&core.join("specs")).expect("the folder is there");
        let pack = packed(&core, &files).expect("its files are readable");
        let pack = String::from_utf8(pack).expect("specs are text");
        let (list, bodies) = pack.split_once("\n\n").expect("the list ends");
        assert_eq!(list.lines().count(), files.len());
        assert!(list.contains("specs/unionpay-pos.json "), "{list}");
        let lens = list.lines().filter_map(|line| line.split(' ').next_back());
        let total: usize = lens.filter_map(|len| len.parse::<usize>().ok()).sum();
        assert_eq!(total, bodies.len());
    }
}
