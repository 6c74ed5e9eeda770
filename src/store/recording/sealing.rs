//! Writing a sealed segment: Parquet, compressed, summed, and in its place only once it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::RecordError;
use super::manifest::{Sealed, hex};

/// Rows of a group, all of which are in memory until the last of them is written.
const GROUP_ROWS: usize = 32_768;

/// Largest dictionary of keys: with those of a whole group, a key that comes again costs two bytes.
const DICTIONARY_BYTES: usize = 8 << 20;

/// Integers that mostly grow by little.
const GROWING: [&str; 4] = ["seq", "now", "at", "slot"];

/// Integers that hardly ever come again: of a million trades, the first bytes are alike and the last are not, so
/// each place of them is compressed by itself.
const VARIED: [&str; 9] = [
    "quote_amount",
    "token_amount",
    "reserve_quote",
    "reserve_token",
    "fee_lp",
    "fee_protocol",
    "fee_creator",
    "fee_cashback",
    "fee_buyback",
];

/// A file that knows its length and its sum.
#[derive(Debug)]
pub(super) struct Summed {
    file: BufWriter<File>,
    pub(super) bytes: u64,
    sum: crc32fast::Hasher,
}

impl Summed {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let file = BufWriter::with_capacity(1 << 16, File::create(path)?);
        Ok(Self { file, bytes: 0, sum: crc32fast::Hasher::new() })
    }

    /// The CRC-32 of all bytes so far, as it is written.
    pub(super) fn sum(&self) -> String {
        hex(self.sum.clone().finalize())
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.update(&bytes[..written]);
        self.bytes += u64::try_from(written).unwrap_or(u64::MAX);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A Parquet file in the making, beside its place.
pub(super) struct Sealing {
    writer: ArrowWriter<Summed>,
    folder: PathBuf,
    name: String,
    rows: u64,
}

impl Sealing {
    pub(super) fn create(folder: &Path, name: String, schema: &SchemaRef) -> Result<Self, RecordError> {
        let part = part(folder, &name);
        let summed = Summed::create(&part).map_err(|error| RecordError::io(&part, error))?;
        let writer = ArrowWriter::try_new(summed, schema.clone(), Some(properties()))
            .map_err(|error| failed(&part, error))?;
        Ok(Self { writer, folder: folder.to_owned(), name, rows: 0 })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), RecordError> {
        self.rows += u64::try_from(batch.num_rows()).unwrap_or(u64::MAX);
        self.writer.write(batch).map_err(|error| failed(&part(&self.folder, &self.name), error))
    }

    /// Where the file will be: a session in the making has another folder.
    pub(super) fn moved(&mut self, folder: &Path) {
        folder.clone_into(&mut self.folder);
    }

    /// Ends the file and puts it in its place.
    pub(super) fn seal(self) -> Result<Sealed, RecordError> {
        let Self { writer, folder, name, rows } = self;
        let part = part(&folder, &name);
        let mut summed = writer.into_inner().map_err(|error| failed(&part, error))?;
        let synced = summed.flush().and_then(|()| summed.file.get_ref().sync_all());
        let placed = synced.and_then(|()| fs::rename(&part, folder.join(&name)));
        placed.map_err(|error| RecordError::io(&part, error))?;
        Ok(Sealed { file: name, rows, bytes: summed.bytes, crc32: summed.sum() })
    }
}

fn part(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.part"))
}

fn properties() -> WriterProperties {
    let column = |name: &str| ColumnPath::from(name);
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_dictionary_page_size_limit(DICTIONARY_BYTES)
        .set_created_by(concat!("momentum ", env!("CARGO_PKG_VERSION")).to_owned())
        // Signatures are random: nothing makes them smaller.
        .set_column_compression(column("signature"), Compression::UNCOMPRESSED)
        .set_column_dictionary_enabled(column("signature"), false);
    for name in ["signature", "mint", "user", "pool", "quote", "creator", "body"] {
        properties = properties.set_column_statistics_enabled(column(name), EnabledStatistics::None);
    }
    for name in GROWING {
        properties = properties
            .set_column_dictionary_enabled(column(name), false)
            .set_column_encoding(column(name), Encoding::DELTA_BINARY_PACKED);
    }
    for name in VARIED {
        properties = properties
            .set_column_dictionary_enabled(column(name), false)
            .set_column_encoding(column(name), Encoding::BYTE_STREAM_SPLIT);
    }
    properties.set_column_dictionary_enabled(column("body"), false).build()
}

fn failed(path: &Path, error: ParquetError) -> RecordError {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => RecordError::io(path, *error),
            Err(error) => RecordError::Unwritable { path: path.to_owned(), why: error.to_string() },
        },
        error => RecordError::Unwritable { path: path.to_owned(), why: error.to_string() },
    }
}
