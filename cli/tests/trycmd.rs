//! Every command shown in `tests/cmd/*.md` and in the READMEs is run, and must print what stands there.

#[test]
fn commands_print_what_the_files_say() {
    trycmd::TestCases::new()
        .env("LANG", "C")
        .env("LC_ALL", "")
        .env("LC_MESSAGES", "")
        .case("tests/cmd/*.md")
        .case("../README.md")
        .case("../README.zh-CN.md");
}

/// The code blocks of a document, and the levels of its headings.
fn skeleton(file: &str) -> (Vec<String>, Vec<usize>) {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let text = std::fs::read_to_string(format!("{root}/{file}")).expect("the file is there");
    let (mut blocks, mut levels) = (Vec::new(), Vec::new());
    for (index, part) in text.split("```").enumerate() {
        if index % 2 == 1 {
            blocks.push(part.to_owned());
        } else {
            let headings = part.lines().filter(|line| line.starts_with('#'));
            levels.extend(headings.map(|line| line.chars().take_while(|one| *one == '#').count()));
        }
    }
    (blocks, levels)
}

#[test]
fn the_two_readmes_are_twins() {
    assert_eq!(skeleton("README.md"), skeleton("README.zh-CN.md"));
}
