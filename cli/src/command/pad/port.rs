//! Serial ports: listing them, opening one, and saying in words why it did not open.

use super::out::{Failure, line, object, say, with};
use super::{Format, Line};
use poslab_core::pad::probe::{Parity, vendor};
use serde_json::json;
use serialport::{ClearBuffer, ErrorKind, SerialPort, SerialPortInfo, SerialPortType, TTYPort};
use std::io;
use std::time::Duration;

/// How long a read waits before the clock is looked at again.
pub(super) const SLICE: Duration = Duration::from_millis(10);

/// Lists the ports.
pub(super) fn list(format: Format) -> Result<(), Failure> {
    let ports = serialport::available_ports().map_err(|error| Failure::Io {
        code: "io",
        message: with(
            "the ports could not be listed: {why}",
            "无法列出串口：{why}",
            &[("why", &error.to_string())],
        ),
        fix: None,
    })?;
    match format {
        Format::Json => {
            let ports: Vec<_> = ports.iter().map(port_json).collect();
            object(&json!({ "schema": "poslab/pad-ports/1", "ports": ports }))
        }
        Format::Text if ports.is_empty() => {
            let words = say(
                "no serial port; `poslab pad emulate` makes one with a simulated pad",
                "没有串口；`poslab pad emulate` 可生成一个带模拟键盘的串口",
            );
            eprintln!("{words}");
            Ok(())
        }
        Format::Text => ports.iter().try_for_each(|port| line(&port_text(port))),
    }
}

pub(super) fn port_json(port: &SerialPortInfo) -> serde_json::Value {
    match &port.port_type {
        SerialPortType::UsbPort(usb) => json!({
            "port": port.port_name, "kind": "usb",
            "vid": format!("{:04X}", usb.vid), "pid": format!("{:04X}", usb.pid),
            "maker": usb.manufacturer, "product": usb.product, "serial": usb.serial_number,
            "likely": vendor(usb.vid),
        }),
        kind => json!({ "port": port.port_name, "kind": kind_name(kind) }),
    }
}

fn port_text(port: &SerialPortInfo) -> String {
    match &port.port_type {
        SerialPortType::UsbPort(usb) => format!(
            "{:<16} usb {:04X}:{:04X} {} {}",
            port.port_name,
            usb.vid,
            usb.pid,
            usb.product.as_deref().unwrap_or_default(),
            vendor(usb.vid)
                .map(|v| format!("({v})"))
                .unwrap_or_default()
        ),
        kind => format!("{:<16} {}", port.port_name, kind_name(kind)),
    }
}

fn kind_name(kind: &SerialPortType) -> &'static str {
    match kind {
        SerialPortType::UsbPort(_) => "usb",
        SerialPortType::PciPort => "pci",
        SerialPortType::BluetoothPort => "bluetooth",
        SerialPortType::Unknown => "serial",
    }
}

/// A pseudo-terminal: our end, and the end that another program opens.
pub(super) fn pair() -> Result<(TTYPort, TTYPort), Failure> {
    let (mut ours, theirs) = TTYPort::pair().map_err(|error| Failure::Io {
        code: "io",
        message: with(
            "no pseudo-terminal: {why}",
            "无法打开伪终端：{why}",
            &[("why", &error.description)],
        ),
        fix: None,
    })?;
    ours.set_timeout(SLICE)
        .map_err(|error| refused("pty", &error))?;
    Ok((ours, theirs))
}

/// Opens a port for us alone.
pub(super) fn open(name: &str, shape: Line) -> Result<Box<dyn SerialPort>, Failure> {
    let (data_bits, parity) = settings(shape);
    let opened = serialport::new(name, shape.baud)
        .data_bits(data_bits)
        .parity(parity)
        .timeout(SLICE)
        .open();
    opened.map_err(|error| refused(name, &error))
}

/// Sets another speed and shape, and forgets what came in before.
pub(super) fn reshape(port: &mut dyn SerialPort, name: &str, shape: Line) -> Result<(), Failure> {
    let (data_bits, parity) = settings(shape);
    port.set_baud_rate(shape.baud)
        .and_then(|()| port.set_data_bits(data_bits))
        .and_then(|()| port.set_parity(parity))
        .and_then(|()| port.clear(ClearBuffer::Input))
        .map_err(|error| refused(name, &error))
}

fn settings(shape: Line) -> (serialport::DataBits, serialport::Parity) {
    let data_bits = match shape.data_bits {
        7 => serialport::DataBits::Seven,
        _ => serialport::DataBits::Eight,
    };
    let parity = match shape.parity {
        Parity::None => serialport::Parity::None,
        Parity::Even => serialport::Parity::Even,
        Parity::Odd => serialport::Parity::Odd,
    };
    (data_bits, parity)
}

/// Bytes that have come in, none when nothing did in time.
pub(super) fn read(port: &mut dyn SerialPort, name: &str) -> Result<Vec<u8>, Failure> {
    let mut buffer = [0; 512];
    match port.read(&mut buffer) {
        Ok(0) => Err(gone(name)),
        Ok(count) => Ok(buffer[..count].to_vec()),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
            ) =>
        {
            Ok(Vec::new())
        }
        Err(_) => Err(gone(name)),
    }
}

/// Sends bytes.
pub(super) fn write(port: &mut dyn SerialPort, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    port.write_all(bytes)
        .and_then(|()| port.flush())
        .map_err(|_| gone(name))
}

fn gone(name: &str) -> Failure {
    Failure::Io {
        code: "gone",
        message: with(
            "{port} is gone: unplugged, switched off, or its other end was closed",
            "{port} 已断开：被拔出、断电，或另一端已关闭",
            &[("port", name)],
        ),
        fix: None,
    }
}

/// Says why a port did not open, and what helps.
fn refused(name: &str, error: &serialport::Error) -> Failure {
    let text = error.description.to_lowercase();
    let said = |en, zh| with(en, zh, &[("port", name), ("why", &error.description)]);
    let failure = |code, message, fix| Failure::Io { code, message, fix };
    let listed = || {
        said(
            "`poslab pad ports` lists what there is",
            "`poslab pad ports` 列出现有串口",
        )
    };
    match error.kind() {
        ErrorKind::Io(io::ErrorKind::PermissionDenied) => failure(
            "permission",
            said("no permission for {port}", "没有权限打开 {port}"),
            Some(permission_help(name)),
        ),
        ErrorKind::Io(io::ErrorKind::NotFound) => failure(
            "not-found",
            said("there is no {port}", "没有 {port}"),
            Some(listed()),
        ),
        _ if text.contains("exclusive") || text.contains("busy") => failure(
            "busy",
            said(
                "{port} is in use by another program",
                "{port} 正被其他程序使用",
            ),
            Some(said(
                "close it there first; `fuser {port}` names the program",
                "请先在那里关闭；`fuser {port}` 可查出该程序",
            )),
        ),
        ErrorKind::NoDevice => failure(
            "not-found",
            said(
                "{port} is no serial port, or is gone: {why}",
                "{port} 不是串口，或已断开：{why}",
            ),
            Some(listed()),
        ),
        _ => failure(
            "io",
            said("{port} did not open: {why}", "{port} 未能打开：{why}"),
            None,
        ),
    }
}

/// Names the group that owns the port, and a rule that opens it to whoever sits at the machine.
fn permission_help(name: &str) -> String {
    let group = owner_group(name).unwrap_or_else(|| "dialout".to_owned());
    with(
        "the port belongs to the group {group}; join it and log in again:\n\
         \x20   sudo usermod -aG {group} \"$USER\"\n\
         or, for a USB pad, put this line into /etc/udev/rules.d/70-pin-pad.rules \
         (ids from `poslab pad ports`):\n\
         \x20   SUBSYSTEM==\"tty\", ATTRS{idVendor}==\"11ca\", TAG+=\"uaccess\"",
        "该串口属于 {group} 组；请加入该组后重新登录：\n\
         \x20   sudo usermod -aG {group} \"$USER\"\n\
         若是 USB 键盘，也可将下面一行写入 /etc/udev/rules.d/70-pin-pad.rules\
         （编号见 `poslab pad ports`）：\n\
         \x20   SUBSYSTEM==\"tty\", ATTRS{idVendor}==\"11ca\", TAG+=\"uaccess\"",
        &[("group", &group)],
    )
}

#[cfg(unix)]
fn owner_group(name: &str) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let gid = std::fs::metadata(name).ok()?.gid().to_string();
    let groups = std::fs::read_to_string("/etc/group").ok()?;
    groups.lines().find_map(|row| {
        let mut cells = row.split(':');
        let group = cells.next()?;
        (cells.nth(1)? == gid).then(|| group.to_owned())
    })
}

#[cfg(not(unix))]
fn owner_group(_: &str) -> Option<String> {
    None
}
