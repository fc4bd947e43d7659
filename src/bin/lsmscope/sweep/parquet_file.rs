//! The rows of a sweep as a Parquet file.
//!
//! In: rows. Out: the bytes of a file with one row group, whose columns have the types of their cells; an empty cell is
//! NULL. Errors: a cell is not of its column's type, which no row is.

use std::sync::Arc;

use lsmscope::{
    Error,
    sweep::{SweepPlan, axis::ColumnType},
};
use parquet::{
    basic::{LogicalType, Repetition, Type as PhysicalType},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    errors::ParquetError,
    file::writer::{SerializedColumnWriter, SerializedFileWriter},
    schema::types::Type,
};

use super::Rows;

/// The file.
///
/// # Errors
/// See above.
pub fn bytes(plan: &SweepPlan, rows: &Rows) -> Result<Vec<u8>, Error> {
    written(plan, rows).map_err(|error| Error::invalid(format!("a row cannot be written as Parquet: {error}")))
}

fn written(plan: &SweepPlan, rows: &Rows) -> Result<Vec<u8>, ParquetError> {
    let columns = plan.columns();
    let fields = columns.iter().map(|column| Ok(Arc::new(field(&column.name, column.column)?)));
    let fields = fields.collect::<Result<Vec<_>, ParquetError>>()?;
    let schema = Arc::new(Type::group_type_builder("sweep").with_fields(fields).build()?);
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default())?;
    let mut group = writer.next_row_group()?;
    for (at, column) in columns.iter().enumerate() {
        let mut open = group.next_column()?.ok_or_else(|| ParquetError::General("a column is missing".into()))?;
        let cells = rows.values().map(|row| row.split(',').nth(at).unwrap_or_default());
        match column.column {
            ColumnType::Text => write::<ByteArrayType>(&mut open, cells, |cell| Some(ByteArray::from(cell)))?,
            ColumnType::Whole => write::<Int64Type>(&mut open, cells, |cell| cell.parse().ok())?,
            ColumnType::Number => write::<DoubleType>(&mut open, cells, |cell| cell.parse().ok())?,
            ColumnType::Switch => write::<BoolType>(&mut open, cells, |cell| cell.parse().ok())?,
        }
        open.close()?;
    }
    group.close()?;
    writer.into_inner()
}

fn field(name: &str, column: ColumnType) -> Result<Type, ParquetError> {
    let (physical, logical) = match column {
        ColumnType::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnType::Whole => (PhysicalType::INT64, None),
        ColumnType::Number => (PhysicalType::DOUBLE, None),
        ColumnType::Switch => (PhysicalType::BOOLEAN, None),
    };
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}

/// Writes a column; what `value` makes of a cell is none only if the cell is empty.
fn write<'a, T: DataType>(
    column: &mut SerializedColumnWriter,
    cells: impl Iterator<Item = &'a str>,
    value: impl Fn(&str) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let (mut values, mut is_there) = (Vec::new(), Vec::new());
    for cell in cells {
        is_there.push(i16::from(!cell.is_empty()));
        if !cell.is_empty() {
            values
                .push(value(cell).ok_or_else(|| ParquetError::General(format!("{cell} is not of its column's type")))?);
        }
    }
    column.typed::<T>().write_batch(&values, Some(&is_there), None).map(|_| ())
}
