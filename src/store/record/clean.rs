//! Names of tokens are hostile text: whatever is shown or written goes through here first.

use std::borrow::Cow;

/// Whether a character may be shown: no control characters (terminals obey them), no characters that turn the
/// direction of text or are not seen at all (they make one name look like another).
fn shown(c: char) -> bool {
    !(c.is_control()
        || matches!(c,
            '\u{00ad}' // soft hyphen
            | '\u{061c}' // Arabic letter mark
            | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers
            | '\u{180b}'..='\u{180f}' // Mongolian selectors
            | '\u{200b}'..='\u{200f}' // zero-width, direction marks
            | '\u{2028}'..='\u{202e}' // line and paragraph separators, embeddings and overrides
            | '\u{2060}'..='\u{206f}' // word joiner, isolates, deprecated format characters
            | '\u{fe00}'..='\u{fe0f}' // variation selectors
            | '\u{feff}' // byte order mark
            | '\u{fff9}'..='\u{fffb}' // annotations
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}' // tags and more selectors
        ))
}

/// `text` without control, direction and invisible characters. Borrowed where it had none.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(shown) { Cow::Borrowed(text) } else { text.chars().filter(|c| shown(*c)).collect() }
}

/// A cell of a CSV table. Cells that a spreadsheet would run as a formula (`=`, `+`, `-`, `@` first) are
/// quoted and given a leading apostrophe, unless they are plain numbers; commas, quotes and line ends are
/// quoted as RFC 4180 has it.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let text = clean(text);
    let number = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if text.starts_with(['=', '+', '-', '@']) && !number {
        format!("\"'{}\"", text.replace('"', "\"\""))
    } else if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_letters_of_all_scripts_and_loses_what_moves_the_cursor_or_the_direction() {
        assert_eq!(clean("Привет 猫 🚀"), "Привет 猫 🚀");
        assert!(matches!(clean("plain"), Cow::Borrowed("plain")));
        assert_eq!(clean("\u{1b}[2Jevil\r\n\u{202e}gpj.exe\u{200b}\u{feff}\u{9b}"), "[2Jevilgpj.exe");
    }

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_quoted_and_a_number_is_not() {
        assert_eq!(csv_cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        for formula in ["+1+1", "-cmd|' /C calc'!A0", "@SUM(1)", "=", "-"] {
            assert!(csv_cell(formula).starts_with("\"'"), "{formula}");
        }
        assert_eq!(csv_cell("-81234567"), "-81234567");
        assert_eq!(csv_cell("a,b"), "\"a,b\"");
        assert_eq!(csv_cell("\t=1"), "\"'=1\"");
    }
}
