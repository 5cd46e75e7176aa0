using TorchSharp;

namespace StableDiffCoder.Engine.Weights;

/// <summary>Copies a stored tensor into an allocated one a piece at a time, so that converting 16 GB needs no second 16 GB.</summary>
internal static class WeightCopy
{
    private const int PieceBytes = 32 << 20;

    /// <param name="file">The mapped file.</param>
    /// <param name="entry">An entry of it.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="copied">Told the bytes of each piece once it is copied.</param>
    /// <param name="ct">Checked before each piece.</param>
    public static void Run(SafetensorsFile file, SafetensorsEntry entry, WeightTarget target, Action<long> copied, CancellationToken ct)
    {
        using var noGrad = torch.no_grad();
        if (entry.Shape.Count == 0)
        {
            CopyPiece(file, entry, [], target, 0, 0);
            copied(entry.ByteLength);
            return;
        }
        long rows = entry.Shape[0];
        if (entry.ByteLength == 0)
        {
            return;
        }
        long rowBytes = entry.ByteLength / rows;
        long rowsAPiece = Math.Max(1, PieceBytes / rowBytes);
        for (long row = 0; row < rows; row += rowsAPiece)
        {
            ct.ThrowIfCancellationRequested();
            long count = Math.Min(rowsAPiece, rows - row);
            CopyPiece(file, entry, [count, .. entry.Shape.Skip(1)], target, row, row * rowBytes);
            copied(count * rowBytes);
        }
    }

    private static void CopyPiece(SafetensorsFile file, SafetensorsEntry entry, long[] shape, WeightTarget target, long row, long offset)
    {
        using torch.Tensor staging = torch.empty(shape, dtype: TypeOf(entry));
        Span<byte> bytes = staging.bytes;
        file.Bytes(entry, offset, bytes.Length).CopyTo(bytes);
        target.Put(row, staging);
    }

    private static torch.ScalarType TypeOf(SafetensorsEntry entry) =>
        entry.ElementType.Name switch
        {
            "I8" => torch.ScalarType.Int8,
            "U8" => torch.ScalarType.Byte,
            _ => entry.ElementType.ScalarType!.Value,
        };
}
