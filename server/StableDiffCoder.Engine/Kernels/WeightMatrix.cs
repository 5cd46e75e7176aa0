namespace StableDiffCoder.Engine.Kernels;

/// <summary>A weight, [rows, columns], in memory that someone else owns and keeps in place.</summary>
/// <param name="data">First element of the first row.</param>
/// <param name="rows">Outputs.</param>
/// <param name="columns">Inputs.</param>
/// <param name="format">How elements are stored.</param>
/// <param name="scales">float32 [rows] for int8, bfloat16 [rows, columns / 32] for int4; null for the float formats.</param>
public readonly unsafe struct WeightMatrix(byte* data, int rows, int columns, WeightFormat format, void* scales = null)
{
    /// <summary>Columns that share a scale in int4.</summary>
    public const int Int4Group = 32;

    /// <summary>First element of the first row.</summary>
    public byte* Data { get; } = data;

    /// <summary>Outputs.</summary>
    public int Rows { get; } = rows;

    /// <summary>Inputs.</summary>
    public int Columns { get; } = columns;

    /// <summary>How elements are stored.</summary>
    public WeightFormat Format { get; } = format;

    /// <summary>float32 [rows] (int8).</summary>
    public float* RowScales { get; } = (float*)scales;

    /// <summary>bfloat16 [rows, columns / 32] (int4).</summary>
    public ushort* GroupScales { get; } = (ushort*)scales;

    /// <summary>Bytes of one row's elements.</summary>
    public long RowBytes => BytesOf(Format, Columns);

    /// <summary>Bytes that a product reads: elements and scales.</summary>
    public long TotalBytes =>
        Rows
        * (
            RowBytes
            + Format switch
            {
                WeightFormat.Int8 => sizeof(float),
                WeightFormat.Int4 => Columns / Int4Group * sizeof(ushort),
                _ => 0,
            }
        );

    /// <summary>Bytes of a row of <paramref name="columns"/> elements.</summary>
    public static long BytesOf(WeightFormat format, int columns) =>
        format switch
        {
            WeightFormat.Float32 => 4L * columns,
            WeightFormat.BFloat16 => 2L * columns,
            WeightFormat.Int8 => columns,
            _ => columns / 2L,
        };

    /// <summary>First byte of a row.</summary>
    public byte* Row(int row) => Data + (row * RowBytes);

    /// <summary>Scales of a row's groups (int4); null otherwise.</summary>
    public ushort* GroupScalesOf(int row) => Format == WeightFormat.Int4 ? GroupScales + ((long)row * (Columns / Int4Group)) : null;

    /// <summary>One element, scale included: slow, for what is left over at the end of a row.</summary>
    public float Element(int row, int column)
    {
        byte* start = Row(row);
        switch (Format)
        {
            case WeightFormat.Float32:
                return ((float*)start)[column];
            case WeightFormat.BFloat16:
                return BrainFloat.ToSingle(((ushort*)start)[column]);
            case WeightFormat.Int8:
                return ((sbyte*)start)[column] * RowScales[row];
            default:
                int group = column / Int4Group;
                int place = column % Int4Group;
                int pair = start[(group * (Int4Group / 2)) + (place % 16)];
                int value = (place < 16 ? pair & 15 : pair >> 4) - 8;
                return value * BrainFloat.ToSingle(GroupScalesOf(row)[group]);
        }
    }
}
