//! Lays out JSON that was written before for the place where it stands.

use super::{Layout, new_line};

/// Copies a value, dropping its blanks and setting new ones. Text that is no JSON is copied in
/// some form, without a panic: what is handed in was written by us.
pub(super) fn copy(json: &[u8], layout: Layout, base: usize, out: &mut Vec<u8>) {
    let mut depth = base;
    let mut at = 0;
    while at < json.len() {
        let byte = json[at];
        match byte {
            b'"' => {
                let end = text_end(json, at);
                out.extend_from_slice(&json[at..end]);
                at = end;
                continue;
            }
            b' ' | b'\n' | b'\r' | b'\t' => {}
            b'{' | b'[' => {
                out.push(byte);
                let next = json[at + 1..].iter().position(|byte| !byte.is_ascii_whitespace());
                let close = next.map(|next| at + 1 + next).filter(|next| is_close(json[*next]));
                if let Some(close) = close {
                    out.push(json[close]);
                    at = close;
                } else {
                    depth += 1;
                    new_line(layout, depth, out);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(layout, depth, out);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                new_line(layout, depth, out);
            }
            b':' => out.extend_from_slice(match layout {
                Layout::Pretty => b": ",
                Layout::Compact => b":",
            }),
            plain => out.push(plain),
        }
        at += 1;
    }
}

fn is_close(byte: u8) -> bool {
    matches!(byte, b'}' | b']')
}

/// The end of the text that begins at `start`, its closing quote included.
fn text_end(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < json.len() {
        match json[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    json.len()
}
