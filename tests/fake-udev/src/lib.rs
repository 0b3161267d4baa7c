//! A stand-in for libudev that lists pseudo-terminals as serial ports, for browser tests only.
//!
//! Preloaded into Chromium or Firefox (`LD_PRELOAD`), it makes `navigator.serial` see one port for each file
//! in the folder `$FAKE_UDEV_DIR`. The file's name (15 characters at most) is the port's system
//! name, its lines are properties: `MAJOR=4`, `MINOR=64`, `DEVNAME=/dev/pts/5`,
//! `ID_VENDOR_ID=11ca`, `ID_MODEL_ID=0220`, `ID_MODEL_ENC=…`, `ID_SERIAL_SHORT=…`. Moving a file
//! into the folder plugs a device in, removing it pulls it out. Everything above this line is the
//! real browser: nothing of the page or of its serial code is replaced.
//!
//! With `$FAKE_TTY_STATE` set, a file `ptsN.inject` in that folder is what the next read from
//! `/dev/pts/N` gives, once: a pseudo-terminal has no parity and no breaks of its own, so the
//! marks that a serial driver makes of them (`FF 00 …`) are put in this way.
//!
//! With `$FAKE_MODEM_LINES` set, it answers for the modem lines of a pseudo-terminal, which has none:
//! Firefox asks for them when it opens a port, and gives the port up without.
//!
//! Only what the browsers call is here; every string handed out lives as long as the process, which
//! a test process can afford.

use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_int, c_long, c_ulong, c_void};
use std::fs;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::path::PathBuf;
use std::ptr;
use std::sync::{Mutex, OnceLock};

/// A port: its system name, what happened to it, and its properties.
#[derive(Clone)]
pub struct Device {
    name: CString,
    syspath: CString,
    action: Option<CString>,
    properties: Vec<(CString, CString)>,
}

/// One entry of a list: a name, and the rest of the list.
pub struct Entry {
    name: CString,
    next: *mut Entry,
}

/// A watch on the folder.
pub struct Monitor {
    notices: OwnedFd,
}

/// The properties last seen: a device that was pulled out still has its name.
static SEEN: Mutex<Option<HashMap<String, Device>>> = Mutex::new(None);

unsafe extern "C" {
    fn inotify_init1(flags: c_int) -> c_int;
    fn inotify_add_watch(fd: c_int, path: *const c_char, mask: u32) -> c_int;
    fn syscall(number: c_long, ...) -> c_long;
}

/// The number of the system call behind `read`.
#[cfg(target_arch = "x86_64")]
const SYS_READ: c_long = 0;
/// The number of the system call behind `read`.
#[cfg(not(target_arch = "x86_64"))]
const SYS_READ: c_long = 63;

const IN_NONBLOCK: c_int = 0o4000;
const IN_CLOEXEC: c_int = 0o2_000_000;
const IN_MOVED_FROM: u32 = 0x40;
const IN_MOVED_TO: u32 = 0x80;
const IN_DELETE: u32 = 0x200;
const ROOT: &str = "/sys/devices/virtual/tty/";

fn folder() -> PathBuf {
    std::env::var_os("FAKE_UDEV_DIR").map_or_else(|| PathBuf::from("/nonexistent"), PathBuf::from)
}

fn c(text: &str) -> CString {
    CString::new(text.replace('\0', "")).unwrap_or_default()
}

/// Leaks a value: the caller of a C library holds it, and a test process is short.
fn give<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: the caller hands a NUL-terminated string, as libudev's interface demands.
    unsafe { CStr::from_ptr(pointer) }
        .to_string_lossy()
        .into_owned()
}

fn read_device(name: &str) -> Option<Device> {
    let lines = fs::read_to_string(folder().join(name)).ok()?;
    let properties = lines
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (c(key), c(value)))
        .collect();
    let device = Device {
        name: c(name),
        syspath: c(&format!("{ROOT}{name}")),
        action: None,
        properties,
    };
    let mut seen = SEEN.lock().ok()?;
    seen.get_or_insert_default()
        .insert(name.to_owned(), device.clone());
    Some(device)
}

fn or_null(device: Option<Device>) -> *mut Device {
    device.map_or(ptr::null_mut(), give)
}

fn device<'a>(pointer: *const Device) -> Option<&'a Device> {
    // SAFETY: every device pointer that goes out comes from `give` and is never freed.
    unsafe { pointer.as_ref() }
}

fn property(pointer: *const Device, key: &str) -> *const c_char {
    let value = device(pointer).and_then(|d| {
        let found = d
            .properties
            .iter()
            .find(|(k, _)| k.to_bytes() == key.as_bytes());
        found.map(|(_, value)| value.as_ptr())
    });
    value.unwrap_or(ptr::null())
}

/// Reads as the system does, unless a test has laid bytes in wait for that terminal.
///
/// # Safety
/// As `read(2)`: `buffer` has room for `count` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, buffer: *mut c_void, count: usize) -> isize {
    if let Some(bytes) = injected(fd).filter(|bytes| bytes.len() <= count) {
        // SAFETY: the caller's buffer has room for `count` bytes, and these are no more.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast::<u8>(), bytes.len()) };
        return bytes.len() as isize;
    }
    // SAFETY: the caller's arguments, handed on as they are.
    unsafe { syscall(SYS_READ, fd, buffer, count) as isize }
}

/// The number of the system call behind `ioctl`.
#[cfg(target_arch = "x86_64")]
const SYS_IOCTL: c_long = 16;
/// The number of the system call behind `ioctl`.
#[cfg(not(target_arch = "x86_64"))]
const SYS_IOCTL: c_long = 29;

/// Requests about modem lines: get, set some, clear some, set all.
const TIOCM: [c_ulong; 4] = [0x5415, 0x5416, 0x5417, 0x5418];
/// The lines of the far end: clear to send, carrier, data set ready.
const FAR_LINES: c_int = 0x020 | 0x040 | 0x100;

/// Controls as the system does; where it is wanted, the modem lines of a terminal that has none are
/// there.
///
/// # Safety
/// As `ioctl(2)`: `argument` is what the request wants.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ioctl(fd: c_int, request: c_ulong, argument: *mut c_void) -> c_int {
    // SAFETY: the caller's arguments, handed on as they are.
    let result = unsafe { syscall(SYS_IOCTL, fd, request, argument) } as c_int;
    if result == 0 || !TIOCM.contains(&request) || !answers_for_lines() {
        return result;
    }
    if request == TIOCM[0] {
        // SAFETY: this request comes with room for an integer.
        unsafe { argument.cast::<c_int>().write(FAR_LINES) };
    }
    0
}

/// Whether modem lines that are not there shall seem to be.
fn answers_for_lines() -> bool {
    static WANTED: OnceLock<bool> = OnceLock::new();
    *WANTED.get_or_init(|| std::env::var_os("FAKE_MODEM_LINES").is_some())
}

/// The bytes that wait for the terminal behind a descriptor; taken once.
fn injected(fd: c_int) -> Option<Vec<u8>> {
    static STATE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let state = STATE.get_or_init(|| std::env::var_os("FAKE_TTY_STATE").map(PathBuf::from));
    let link = fs::read_link(format!(
        "/proc/self/fd/{}",
        (state.is_some()).then_some(fd)?
    ))
    .ok()?;
    let number = link.to_str()?.strip_prefix("/dev/pts/")?;
    let file = state.as_ref()?.join(format!("pts{number}.inject"));
    let bytes = fs::read(&file).ok()?;
    fs::remove_file(&file).ok()?;
    Some(bytes)
}

/// Something to hold; its address is all that matters.
#[unsafe(no_mangle)]
pub extern "C" fn udev_new() -> *mut u8 {
    give(1)
}

/// Nothing is counted, nothing is freed.
#[unsafe(no_mangle)]
pub extern "C" fn udev_unref(_: *mut u8) -> *mut u8 {
    ptr::null_mut()
}

/// The device at a system path.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_new_from_syspath(_: *mut u8, path: *const c_char) -> *mut Device {
    let path = text(path);
    or_null(path.strip_prefix(ROOT).and_then(read_device))
}

/// Devices are not found by number.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_new_from_devnum(_: *mut u8, _: c_char, _: u64) -> *mut Device {
    ptr::null_mut()
}

/// Devices are not found by subsystem.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_new_from_subsystem_sysname(
    _: *mut u8,
    _: *const c_char,
    _: *const c_char,
) -> *mut Device {
    ptr::null_mut()
}

/// Nothing is counted, nothing is freed.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_unref(_: *mut Device) -> *mut Device {
    ptr::null_mut()
}

/// A property by name.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_property_value(
    pointer: *mut Device,
    key: *const c_char,
) -> *const c_char {
    property(pointer, &text(key))
}

/// `add` or `remove`, for devices that a monitor gave.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_action(pointer: *mut Device) -> *const c_char {
    let action = device(pointer).and_then(|d| d.action.as_ref());
    action.map_or(ptr::null(), |action| action.as_ptr())
}

/// All of them are terminals.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_subsystem(_: *mut Device) -> *const c_char {
    c"tty".as_ptr()
}

/// The system path.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_syspath(pointer: *mut Device) -> *const c_char {
    device(pointer).map_or(ptr::null(), |d| d.syspath.as_ptr())
}

/// The system name.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_sysname(pointer: *mut Device) -> *const c_char {
    device(pointer).map_or(ptr::null(), |d| d.name.as_ptr())
}

/// The device node.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_devnode(pointer: *mut Device) -> *const c_char {
    property(pointer, "DEVNAME")
}

/// Terminals have no type.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_devtype(_: *mut Device) -> *const c_char {
    ptr::null()
}

/// There is no driver.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_driver(_: *mut Device) -> *const c_char {
    ptr::null()
}

/// There is no parent.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_parent(_: *mut Device) -> *mut Device {
    ptr::null_mut()
}

/// There is no parent.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_parent_with_subsystem_devtype(
    _: *mut Device,
    _: *const c_char,
    _: *const c_char,
) -> *mut Device {
    ptr::null_mut()
}

/// Properties are asked for by name, not listed.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_properties_list_entry(_: *mut Device) -> *mut Entry {
    ptr::null_mut()
}

/// There are no attributes.
#[unsafe(no_mangle)]
pub extern "C" fn udev_device_get_sysattr_value(_: *mut Device, _: *const c_char) -> *const c_char {
    ptr::null()
}

/// Something to hold; the list is made when it is asked for.
#[unsafe(no_mangle)]
pub extern "C" fn udev_enumerate_new(_: *mut u8) -> *mut u8 {
    give(2)
}

/// Everything matches.
#[unsafe(no_mangle)]
pub extern "C" fn udev_enumerate_add_match_subsystem(_: *mut u8, _: *const c_char) -> c_int {
    0
}

/// Nothing to do yet.
#[unsafe(no_mangle)]
pub extern "C" fn udev_enumerate_scan_devices(_: *mut u8) -> c_int {
    0
}

/// The system paths of all files in the folder.
#[unsafe(no_mangle)]
pub extern "C" fn udev_enumerate_get_list_entry(_: *mut u8) -> *mut Entry {
    let files = fs::read_dir(folder()).into_iter().flatten().flatten();
    files.fold(ptr::null_mut(), |next, file| {
        let name = c(&format!("{ROOT}{}", file.file_name().to_string_lossy()));
        give(Entry { name, next })
    })
}

/// Nothing is counted, nothing is freed.
#[unsafe(no_mangle)]
pub extern "C" fn udev_enumerate_unref(_: *mut u8) -> *mut u8 {
    ptr::null_mut()
}

/// The rest of a list.
#[unsafe(no_mangle)]
pub extern "C" fn udev_list_entry_get_next(entry: *mut Entry) -> *mut Entry {
    // SAFETY: entries come from `give` and are never freed.
    unsafe { entry.as_ref() }.map_or(ptr::null_mut(), |entry| entry.next)
}

/// The name of an entry.
#[unsafe(no_mangle)]
pub extern "C" fn udev_list_entry_get_name(entry: *mut Entry) -> *const c_char {
    // SAFETY: entries come from `give` and are never freed.
    unsafe { entry.as_ref() }.map_or(ptr::null(), |entry| entry.name.as_ptr())
}

/// Watches the folder for files that come and go.
#[unsafe(no_mangle)]
pub extern "C" fn udev_monitor_new_from_netlink(_: *mut u8, _: *const c_char) -> *mut Monitor {
    let path = c(&folder().to_string_lossy());
    // SAFETY: plain system calls; the path lives through the second one.
    let fd = unsafe {
        let fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        if fd < 0 {
            return ptr::null_mut();
        }
        inotify_add_watch(fd, path.as_ptr(), IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE);
        OwnedFd::from_raw_fd(fd)
    };
    give(Monitor { notices: fd })
}

/// Everything matches.
#[unsafe(no_mangle)]
pub extern "C" fn udev_monitor_filter_add_match_subsystem_devtype(
    _: *mut Monitor,
    _: *const c_char,
    _: *const c_char,
) -> c_int {
    0
}

/// It receives from the start.
#[unsafe(no_mangle)]
pub extern "C" fn udev_monitor_enable_receiving(_: *mut Monitor) -> c_int {
    0
}

/// What becomes readable when a file comes or goes.
#[unsafe(no_mangle)]
pub extern "C" fn udev_monitor_get_fd(monitor: *mut Monitor) -> c_int {
    // SAFETY: monitors come from `give` and are never freed.
    unsafe { monitor.as_ref() }.map_or(-1, |monitor| monitor.notices.as_raw_fd())
}

/// The next device that came or went: one notice of 32 bytes, for names below 16 characters.
#[unsafe(no_mangle)]
pub extern "C" fn udev_monitor_receive_device(monitor: *mut Monitor) -> *mut Device {
    // SAFETY: monitors come from `give` and are never freed; the buffer is ours.
    let (notice, count) = unsafe {
        let Some(monitor) = monitor.as_ref() else {
            return ptr::null_mut();
        };
        let mut notice = [0u8; 32];
        let fd = monitor.notices.as_raw_fd();
        let count = syscall(SYS_READ, fd, notice.as_mut_ptr(), notice.len());
        (notice, count)
    };
    if count < 32 {
        return ptr::null_mut();
    }
    let mask = u32::from_ne_bytes([notice[4], notice[5], notice[6], notice[7]]);
    let name: Vec<u8> = notice[16..]
        .iter()
        .copied()
        .take_while(|b| *b != 0)
        .collect();
    let name = String::from_utf8_lossy(&name).into_owned();
    let added = mask & IN_MOVED_TO != 0;
    let found = if added {
        read_device(&name)
    } else {
        SEEN.lock()
            .ok()
            .and_then(|seen| seen.as_ref()?.get(&name).cloned())
    };
    or_null(found.map(|device| Device {
        action: Some(c(if added { "add" } else { "remove" })),
        ..device
    }))
}

/// Nothing is counted, nothing is freed.
#[unsafe(no_mangle)]
pub extern "C" fn udev_monitor_unref(_: *mut Monitor) -> *mut Monitor {
    ptr::null_mut()
}
