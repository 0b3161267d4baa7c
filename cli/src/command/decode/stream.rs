//! Logs of any size: blocks of lines, decoded on all cores, written in order, constant memory.
//!
//! Frame and dialect are detected on the first messages and stay. A block is whatever one read
//! gives, so that a slow pipe is answered line by line and a file in large pieces.

use super::pick::{csv_head, csv_row, holds};
use super::verify::{Mac, Verifier};
use super::{Decode, Format, Tally};
use crate::fail::{Fail, print};
use crate::look::Look;
use crate::source::Speaking;
use poslab_core::codec::{Candidate, Dissection};
use poslab_core::intake::{LineRead, LineReader, starts_like_message};
use poslab_core::spec::Change;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

/// How much is read at once.
const BLOCK: usize = 1 << 18;
/// A line longer than this is no message.
const MAX_LINE: usize = 1 << 22;
/// How many messages the detection looks at.
const SAMPLE: usize = 12;

/// Decodes the input line by line, or as a whole where its messages span lines.
pub fn run(
    decode: &Decode,
    speaking: &Speaking,
    verifier: Option<Verifier>,
    look: &Look,
) -> Result<Tally, Fail> {
    let mut blocks = Blocks::open(decode)?;
    let first = blocks.next_block()?.unwrap_or_default();
    if !line_by_line(&first) {
        let mut all = first;
        while let Some(more) = blocks.next_block()? {
            all.extend_from_slice(&more);
        }
        return decode.whole(&all, speaking, verifier.as_ref(), look);
    }
    let reader = Arc::new(Chosen::on(&first, speaking, verifier));
    if decode.format == Format::Csv {
        print(csv_head(&decode.select).as_bytes())?;
    }
    let threads = decode
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    if threads <= 1 {
        return alone(decode, &reader, first, &mut blocks);
    }
    together(decode, &reader, first, &mut blocks, threads)
}

/// Whether the first lines are messages one by one.
fn line_by_line(block: &[u8]) -> bool {
    let mut reader = LineReader::new();
    let (mut lines, mut messages) = (0, 0);
    for line in block
        .split(|b| *b == b'\n')
        .filter(|l| !l.trim_ascii().is_empty())
        .take(40)
    {
        lines += 1;
        messages += usize::from(match reader.read(line) {
            LineRead::Bytes => starts_like_message(reader.bytes()) || reader.bytes().len() > 40,
            LineRead::Fields(_) => true,
            LineRead::Nothing => false,
        });
    }
    // Logs hold other lines too; a dump has none that is a message.
    messages > 1 && messages * 8 >= lines
}

fn alone(
    decode: &Decode,
    chosen: &Chosen,
    first: Vec<u8>,
    blocks: &mut Blocks,
) -> Result<Tally, Fail> {
    let (mut tally, mut line) = (Tally::default(), 1);
    let mut out = String::new();
    let mut block = Some(first);
    while let Some(bytes) = block {
        out.clear();
        let (more, lines) = chosen.block(decode, &bytes, line, &mut out);
        tally.add(more);
        line += lines;
        print(out.as_bytes())?;
        block = blocks.next_block()?;
    }
    Ok(tally)
}

/// A block of whole lines, its place in the order, and the number of its first line.
struct Job {
    index: usize,
    line: usize,
    bytes: Vec<u8>,
}

/// What became of it.
struct Done {
    index: usize,
    text: String,
    tally: Tally,
}

fn together(
    decode: &Decode,
    chosen: &Arc<Chosen>,
    first: Vec<u8>,
    blocks: &mut Blocks,
    threads: usize,
) -> Result<Tally, Fail> {
    let (jobs, waiting) = sync_channel::<Job>(threads * 2);
    let (done, results) = sync_channel::<Done>(threads * 2);
    let waiting = Arc::new(Mutex::new(waiting));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (waiting, done, chosen) = (waiting.clone(), done.clone(), chosen.clone());
            scope.spawn(move || work(decode, &chosen, &waiting, &done));
        }
        drop(done);
        drop(waiting);
        let writer = scope.spawn(move || write(&results));
        let fed = feed(first, blocks, &jobs);
        drop(jobs);
        let written = writer.join().unwrap_or_else(|_| Ok(Tally::default()));
        let tally = written?;
        fed.map(|()| tally)
    })
}

fn work(decode: &Decode, chosen: &Chosen, waiting: &Mutex<Receiver<Job>>, done: &SyncSender<Done>) {
    loop {
        let job = match waiting.lock() {
            Ok(waiting) => waiting.recv(),
            Err(_) => return,
        };
        let Ok(job) = job else { return };
        let mut text = String::with_capacity(job.bytes.len() * 2);
        let (tally, _) = chosen.block(decode, &job.bytes, job.line, &mut text);
        if done
            .send(Done {
                index: job.index,
                text,
                tally,
            })
            .is_err()
        {
            return;
        }
    }
}

fn feed(first: Vec<u8>, blocks: &mut Blocks, jobs: &SyncSender<Job>) -> Result<(), Fail> {
    let (mut index, mut line, mut block) = (0, 1, Some(first));
    while let Some(bytes) = block {
        let lines = bytes.iter().filter(|b| **b == b'\n').count();
        if jobs.send(Job { index, line, bytes }).is_err() {
            // The writer is gone: nobody reads any more.
            return Ok(());
        }
        index += 1;
        line += lines;
        block = blocks.next_block()?;
    }
    Ok(())
}

/// Writes what is done in the order of the input.
fn write(results: &Receiver<Done>) -> Result<Tally, Fail> {
    let (mut next, mut early, mut tally) = (0, BTreeMap::new(), Tally::default());
    for done in results {
        early.insert(done.index, done);
        while let Some(done) = early.remove(&next) {
            next += 1;
            tally.add(done.tally);
            print(done.text.as_bytes())?;
        }
    }
    Ok(tally)
}

/// The readings that the first messages settled on, best first.
struct Chosen {
    candidates: Vec<Candidate>,
    verifier: Option<Verifier>,
}

impl Chosen {
    fn on(block: &[u8], speaking: &Speaking, verifier: Option<Verifier>) -> Self {
        let mut reader = LineReader::new();
        let mut votes: Vec<(usize, Candidate)> = Vec::new();
        let mut seen = 0;
        for line in block.split(|b| *b == b'\n') {
            if seen == SAMPLE {
                break;
            }
            if reader.read(line) != LineRead::Bytes {
                continue;
            }
            let Some(best) = speaking.candidates(reader.bytes()).into_iter().next() else {
                continue;
            };
            seen += 1;
            let same = |c: &Candidate| {
                c.dialect.name() == best.dialect.name()
                    && c.framing == best.framing
                    && c.changes == best.changes
            };
            match votes.iter_mut().find(|(_, c)| same(c)) {
                Some((count, _)) => *count += usize::from(best.score),
                None => votes.push((usize::from(best.score), best)),
            }
        }
        votes.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        Self {
            candidates: votes.into_iter().map(|(_, c)| c).collect(),
            verifier,
        }
    }

    /// Decodes the lines of a block; gives the tally and the number of lines.
    fn block(
        &self,
        decode: &Decode,
        block: &[u8],
        first_line: usize,
        out: &mut String,
    ) -> (Tally, usize) {
        if let Some(verifier) = &self.verifier {
            return self.verified(verifier, decode, block, first_line, out);
        }
        let mut reader = LineReader::new();
        let (mut tally, mut line_number) = (Tally::default(), first_line);
        for line in block.split(|b| *b == b'\n') {
            match reader.read(line) {
                LineRead::Bytes => {
                    self.message(decode, reader.bytes(), line_number, &mut tally, out)
                }
                LineRead::Fields(fields) => {
                    tally.messages += 1;
                    tally.shown += 1;
                    out.push_str(&super::text::fields(&fields, decode.reveal, false));
                }
                LineRead::Nothing => {}
            }
            line_number += 1;
        }
        (tally, line_number - first_line)
    }

    /// As [`block`](Self::block), the MACs of all its messages checked at once.
    fn verified(
        &self,
        verifier: &Verifier,
        decode: &Decode,
        block: &[u8],
        first_line: usize,
        out: &mut String,
    ) -> (Tally, usize) {
        let mut reader = LineReader::new();
        let (mut tally, mut lines) = (Tally::default(), 0);
        let mut messages: Vec<(usize, Vec<u8>)> = Vec::new();
        let mut others: BTreeMap<usize, String> = BTreeMap::new();
        for line in block.split(|b| *b == b'\n') {
            let number = first_line + lines;
            match reader.read(line) {
                LineRead::Bytes => messages.push((number, reader.bytes().to_vec())),
                LineRead::Fields(fields) => {
                    others.insert(number, super::text::fields(&fields, decode.reveal, false));
                }
                LineRead::Nothing => {}
            }
            lines += 1;
        }
        tally.messages = messages.len() + others.len();
        tally.shown = others.len();
        let read = messages
            .iter()
            .filter_map(|(number, bytes)| Some((*number, self.tree(bytes)?)));
        let (numbers, mut trees): (Vec<usize>, Vec<Dissection<'_>>) = read.unzip();
        tally.unreadable = messages.len() - trees.len();
        let macs = verifier.all(&mut trees);
        for ((number, tree), mac) in numbers.into_iter().zip(&trees).zip(&macs) {
            let rest = others.split_off(&number);
            others.into_values().for_each(|text| out.push_str(&text));
            others = rest;
            write_tree(
                (decode, self.changes(tree)),
                tree,
                Some(mac),
                number,
                &mut tally,
                out,
            );
        }
        others.into_values().for_each(|text| out.push_str(&text));
        (tally, lines)
    }

    fn message(
        &self,
        decode: &Decode,
        bytes: &[u8],
        line: usize,
        tally: &mut Tally,
        out: &mut String,
    ) {
        tally.messages += 1;
        match self.tree(bytes) {
            Some(tree) => {
                let how = (decode, self.changes(&tree));
                write_tree(how, &tree, None, line, tally, out);
            }
            None => tally.unreadable += 1,
        }
    }

    /// How the dialect of a reading was bent.
    fn changes(&self, tree: &Dissection<'_>) -> &[Change] {
        let of = |candidate: &&Candidate| std::ptr::eq(&*candidate.dialect, tree.dialect());
        let found = self.candidates.iter().find(of);
        found.map_or(&[], |candidate| &candidate.changes)
    }

    /// The first reading that consumes the message, else the favourite.
    fn tree<'t>(&'t self, bytes: &'t [u8]) -> Option<Dissection<'t>> {
        let mut trees = self
            .candidates
            .iter()
            .map(|candidate| candidate.dissect(bytes));
        let first = trees.next()?;
        if first.stopped.is_none() {
            return Some(first);
        }
        Some(trees.find(|tree| tree.stopped.is_none()).unwrap_or(first))
    }
}

/// Writes the record of one message, where it is wanted.
fn write_tree(
    (decode, changes): (&Decode, &[Change]),
    tree: &Dissection<'_>,
    mac: Option<&Mac>,
    line: usize,
    tally: &mut Tally,
    out: &mut String,
) {
    tally.unreadable += usize::from(tree.mti().is_none());
    if !holds(&decode.conditions, tree) {
        return;
    }
    tally.shown += 1;
    tally.errors += usize::from(tree.has_errors());
    if let Some(mac) = mac {
        tally.macs.count(mac);
    }
    match decode.format {
        Format::Csv => csv_row(&decode.select, tree, decode.reveal, out),
        _ => {
            decode.jsonl(tree, changes, Some(line), mac, out);
            out.push('\n');
        }
    }
}

/// The input in blocks of whole lines.
struct Blocks {
    input: Box<dyn Read + Send>,
    rest: Vec<u8>,
    ended: bool,
}

impl Blocks {
    fn open(decode: &Decode) -> Result<Self, Fail> {
        let input: Box<dyn Read + Send> = match &decode.input.file {
            Some(path) if path.as_os_str() != "-" => {
                Box::new(File::open(path).map_err(|e| Fail::Io(path.display().to_string(), e))?)
            }
            _ if std::io::stdin().is_terminal() => {
                return Err(Fail::Usage(
                    "no input: give a FILE, --hex, or pipe something in".into(),
                ));
            }
            _ => Box::new(std::io::stdin()),
        };
        Ok(Self {
            input,
            rest: Vec::new(),
            ended: false,
        })
    }

    /// The next lines; what follows the last line end waits for the next call.
    fn next_block(&mut self) -> Result<Option<Vec<u8>>, Fail> {
        loop {
            if self.ended {
                let rest = std::mem::take(&mut self.rest);
                return Ok((!rest.is_empty()).then_some(rest));
            }
            let mut block = std::mem::take(&mut self.rest);
            let from = block.len();
            block.resize(from + BLOCK, 0);
            let count = self.input.read(block.get_mut(from..).unwrap_or_default());
            let count = count.map_err(|e| Fail::Io("input".into(), e))?;
            block.truncate(from + count);
            self.ended = count == 0;
            match block.iter().rposition(|b| *b == b'\n') {
                Some(end) => {
                    self.rest = block.split_off(end + 1);
                    return Ok(Some(block));
                }
                None if block.len() > MAX_LINE => self.rest.clear(),
                None => self.rest = block,
            }
        }
    }
}
