//! What a command prints. stdout is data, stderr is talk; a closed reader ends the command quietly.
//!
//! A command gives records and the columns that people want of them; the form is the caller's choice.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, presets,
};
use serde::Serialize;
use serde_json::Value;

use crate::columns::{Column, Kind, csv, project};
use crate::failure::Failure;
use crate::global::{Format, Global, When};
use momentum_core::codes::ErrorCode;

/// Where and how a command prints.
pub(crate) struct Out {
    format: Option<Format>,
    fields: Vec<String>,
    colour: bool,
    quiet: bool,
    progress: bool,
    /// Whether stdout is a terminal; streams ask for every event.
    terminal: bool,
    stdout: BufWriter<Stdout>,
    /// Columns of the stream, once its head is printed.
    streaming: Option<Vec<Column>>,
}

/// Says things to people, on stderr.
#[derive(Clone, Copy)]
pub(crate) struct Talk {
    quiet: bool,
}

impl Talk {
    /// Says it, unless nothing is to be said.
    pub(crate) fn say(self, text: &str) {
        if !self.quiet {
            tell(text);
        }
    }
}

/// Says it on stderr. One that is gone, as that of a terminal that was closed, hears nothing.
pub(crate) fn tell(text: &str) {
    writeln!(io::stderr(), "{text}").ok();
}

impl Out {
    /// By the global flags, the terminal and `NO_COLOR`.
    pub(crate) fn new(global: &Global) -> Self {
        let terminal = io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = match global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && !no_color,
        };
        Self {
            format: global.format(),
            fields: global.fields.clone(),
            colour,
            quiet: global.quiet,
            progress: !global.no_progress && !global.quiet && io::stderr().is_terminal(),
            terminal,
            stdout: BufWriter::new(io::stdout()),
            streaming: None,
        }
    }

    /// Whether errors are to be one JSON object.
    pub(crate) fn json(&self) -> bool {
        self.format == Some(Format::Json)
    }

    /// Whether people read the answer: unless another form is asked for.
    pub(crate) fn for_people_by_default(&self) -> bool {
        matches!(self.format.unwrap_or(Format::Table), Format::Table | Format::Wide)
    }

    /// Whether progress bars may be drawn on stderr.
    #[allow(dead_code, reason = "for the commands that take longer than a second")]
    pub(crate) fn progress(&self) -> bool {
        self.progress
    }

    /// Whether nothing is to be said but errors.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether people read the stream: without a form asked for, JSON lines go to all but a terminal.
    #[allow(dead_code, reason = "for the commands that stream")]
    pub(crate) fn for_people(&self) -> bool {
        matches!(self.stream_format(), Format::Table | Format::Wide)
    }

    /// What talks while the output is somewhere else.
    pub(crate) const fn talk(&self) -> Talk {
        Talk { quiet: self.quiet }
    }

    /// Talk: on stderr, unless `--quiet`.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet {
            tell(text);
        }
    }

    /// Data that is a text of its own: a file, a script.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.stdout.write_all(text.as_bytes()).map_err(|error| Failure::of_stdout(&error))
    }

    /// Everything printed so far leaves now.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.stdout.flush().map_err(|error| Failure::of_stdout(&error))
    }

    /// A finite list of records.
    pub(crate) fn list<T: Serialize>(&mut self, columns: &[Column], rows: &[T]) -> Result<(), Failure> {
        let rows = rows.iter().map(record).collect::<Result<Vec<_>, _>>()?;
        self.require_fields(&rows)?;
        match self.format.unwrap_or(Format::Table) {
            Format::Json => {
                let rows: Vec<_> = rows.iter().map(|row| self.kept(row)).collect();
                let text = serde_json::to_string_pretty(&rows).map_err(|error| unserialisable(&error))?;
                self.text(&format!("{text}\n"))
            }
            Format::Table | Format::Wide => {
                let table = self.table(&self.columns(columns), &rows, self.width());
                self.text(&format!("{table}\n"))
            }
            Format::Jsonl | Format::Csv | Format::Name => {
                rows.iter().try_for_each(|row| self.stream_record(columns, row))
            }
        }
    }

    /// One record by itself: a summary, a state.
    pub(crate) fn one<T: Serialize>(&mut self, columns: &[Column], row: &T) -> Result<(), Failure> {
        let row = record(row)?;
        self.require_fields(std::slice::from_ref(&row))?;
        match self.format.unwrap_or(Format::Table) {
            Format::Table | Format::Wide => {
                let wide = self.format == Some(Format::Wide);
                let columns = self.columns(columns);
                let length = columns.iter().map(|column| column.title.chars().count()).max().unwrap_or(0);
                for column in columns {
                    self.text(&format!("{:length$}  {}\n", column.title, column.cell(&row, wide)))?;
                }
                Ok(())
            }
            Format::Json | Format::Jsonl | Format::Csv | Format::Name => self.stream_record(columns, &row),
        }
    }

    /// The next record of a stream.
    #[allow(dead_code, reason = "for the commands that stream")]
    pub(crate) fn stream<T: Serialize>(&mut self, columns: &[Column], row: &T) -> Result<(), Failure> {
        let row = record(row)?;
        self.stream_record(columns, &row)
    }

    /// Records of a stream that are JSON lines already.
    pub(crate) fn lines(&mut self, lines: &[u8]) -> Result<(), Failure> {
        let as_they_are =
            matches!(self.stream_format(), Format::Json | Format::Jsonl) && self.fields.is_empty();
        if as_they_are {
            return self.stdout.write_all(lines).map_err(|error| Failure::of_stdout(&error));
        }
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let row: Value = serde_json::from_slice(line).map_err(|error| unserialisable(&error))?;
            self.stream_record(&crate::columns::of_records(), &row)?;
        }
        Ok(())
    }

    fn stream_record(&mut self, columns: &[Column], row: &Value) -> Result<(), Failure> {
        let format = self.stream_format();
        let line = match format {
            Format::Json | Format::Jsonl => self.kept(row).to_string(),
            Format::Name => columns.first().map(|column| column.cell(row, true)).unwrap_or_default(),
            Format::Csv | Format::Table | Format::Wide => {
                let columns = match self.streaming.take() {
                    Some(columns) => columns,
                    None => {
                        let columns = if format == Format::Csv && self.fields.is_empty() {
                            columns.to_vec()
                        } else {
                            self.columns(columns)
                        };
                        let heads = columns.iter().map(|column| match format {
                            Format::Csv => csv(&column.path),
                            _ => column.title.clone(),
                        });
                        let head = joined(format, &columns, heads);
                        self.text(&format!("{head}\n"))?;
                        columns
                    }
                };
                let cells = columns.iter().map(|column| match format {
                    Format::Csv => csv(&column.cell(row, true)),
                    _ => column.cell(row, format == Format::Wide),
                });
                let line = joined(format, &columns, cells);
                self.streaming = Some(columns);
                line
            }
        };
        self.text(&format!("{line}\n"))
    }

    fn stream_format(&self) -> Format {
        self.format.unwrap_or(if self.terminal { Format::Table } else { Format::Jsonl })
    }

    /// The columns of a table: those that `--fields` names, or the command's own.
    fn columns(&self, own: &[Column]) -> Vec<Column> {
        if self.fields.is_empty() {
            let wide = self.format == Some(Format::Wide);
            return own.iter().filter(|column| wide || !column.wide).cloned().collect();
        }
        let named = |path: &String| {
            let known = own.iter().find(|column| column.path == *path).cloned();
            known.unwrap_or_else(|| Column::new(path, path, Kind::Text))
        };
        self.fields.iter().map(named).collect()
    }

    fn kept(&self, row: &Value) -> Value {
        if self.fields.is_empty() { row.clone() } else { project(row, &self.fields) }
    }

    /// A field that no record has is a slip, and the fields that there are help.
    fn require_fields(&self, rows: &[Value]) -> Result<(), Failure> {
        let missing = |path: &&String| rows.iter().all(|row| crate::columns::field(row, path).is_none());
        match self.fields.iter().find(missing) {
            Some(path) if !rows.is_empty() => {
                let known = rows[0].as_object().map(|row| row.keys().cloned().collect::<Vec<_>>().join(", "));
                Err(Failure::new(ErrorCode::Usage, format!("there is no field `{path}`"))
                    .hint(format!("the fields are: {}", known.unwrap_or_default())))
            }
            _ => Ok(()),
        }
    }

    /// How wide a table may be: as the terminal, with colour and without; all else takes any width.
    fn width(&self) -> Option<u16> {
        Table::new().width().filter(|_| self.format != Some(Format::Wide))
    }

    fn table(&self, columns: &[Column], rows: &[Value], width: Option<u16>) -> Table {
        let wide = self.format == Some(Format::Wide);
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        if self.colour {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(columns.iter().map(|column| {
            let head = Cell::new(&column.title).set_alignment(alignment(column.kind));
            if self.colour { head.add_attribute(Attribute::Bold) } else { head }
        }));
        for row in rows {
            table.add_row(columns.iter().map(|column| {
                let text = column.cell(row, wide);
                let colour = shade(column.kind, &text).filter(|_| self.colour);
                let cell = Cell::new(text).set_alignment(alignment(column.kind));
                colour.map_or(cell.clone(), |colour| cell.fg(colour))
            }));
        }
        // A number on two lines is another number: texts give way.
        for (column, of) in table.column_iter_mut().zip(columns) {
            if of.kind != Kind::Text {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        table
    }
}

fn alignment(kind: Kind) -> CellAlignment {
    match kind {
        Kind::Number | Kind::Signed => CellAlignment::Right,
        Kind::Text | Kind::Key | Kind::State => CellAlignment::Left,
    }
}

/// Colour is for signs and states only.
fn shade(kind: Kind, text: &str) -> Option<Color> {
    match (kind, text) {
        (Kind::Signed, text) if text.starts_with('-') => Some(Color::Red),
        (Kind::Signed, text) if text.bytes().any(|b| matches!(b, b'1'..=b'9')) => Some(Color::Green),
        (Kind::State, "open" | "ok" | "running") => Some(Color::Green),
        (Kind::State, "exits_only" | "degraded" | "warning") => Some(Color::Yellow),
        (Kind::State, "stopped" | "unhealthy" | "error") => Some(Color::Red),
        _ => None,
    }
}

/// Cells as one line: with commas, or padded so that the lines of a stream stand under each other.
fn joined(format: Format, columns: &[Column], cells: impl Iterator<Item = String>) -> String {
    if format == Format::Csv {
        return cells.collect::<Vec<_>>().join(",");
    }
    let padded = cells.zip(columns).map(|(cell, column)| {
        let width = column.title.chars().count().max(match column.kind {
            Kind::Key if format == Format::Wide => 44,
            Kind::Key => 9,
            Kind::Number | Kind::Signed => 14,
            Kind::Text | Kind::State => 10,
        });
        match alignment(column.kind) {
            CellAlignment::Right => format!("{cell:>width$}"),
            _ => format!("{cell:width$}"),
        }
    });
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

fn record<T: Serialize>(row: &T) -> Result<Value, Failure> {
    serde_json::to_value(row).map_err(|error| unserialisable(&error))
}

fn unserialisable(error: &serde_json::Error) -> Failure {
    Failure::new(ErrorCode::Bug, format!("a record cannot be written as JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn out(colour: bool) -> Out {
        Out {
            format: None,
            fields: Vec::new(),
            colour,
            quiet: false,
            progress: false,
            terminal: false,
            stdout: BufWriter::new(io::stdout()),
            streaming: None,
        }
    }

    #[test]
    fn in_a_narrow_table_texts_give_way_and_numbers_stay_whole() {
        let columns = [
            Column::new("MINT", "mint", Kind::Key),
            Column::new("P&L (SOL)", "pnl", Kind::Signed),
            Column::new("WHY", "why", Kind::Text),
            Column::new("COST (SOL)", "cost", Kind::Number),
        ];
        let why = "its curve is sold out and its pool is not open: it trades nowhere";
        let mint = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P";
        let rows = [json!({"mint": mint, "pnl": "-0.123456789", "why": why, "cost": "1234.987654321"})];
        let shown = out(false).table(&columns, &rows, Some(60)).to_string();
        for whole in ["6EF8…wF6P", "-0.123456789", "1234.987654321", "P&L (SOL)"] {
            assert!(shown.contains(whole), "{whole} is not whole in\n{shown}");
        }
        assert!(shown.lines().count() > 2 && shown.lines().all(|line| line.chars().count() <= 60), "{shown}");
        let coloured = out(true).table(&columns, &rows, Some(60)).to_string();
        assert_eq!(coloured.lines().count(), shown.lines().count(), "colour has nothing to do with width");
    }
}
