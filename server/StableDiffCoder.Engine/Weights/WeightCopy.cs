using TorchSharp;

namespace StableDiffCoder.Engine.Weights;

/// <summary>Copies a stored tensor into an allocated one a piece at a time, so that converting 16 GB needs no second 16 GB.</summary>
internal static class WeightCopy
{
    private const int PieceBytes = 32 << 20;

    /// <param name="file">The mapped file.</param>
    /// <param name="entry">A float entry of it.</param>
    /// <param name="destination">Same shape, any float type, any device.</param>
    /// <param name="copied">Told the bytes of each piece once it is copied.</param>
    /// <param name="ct">Checked before each piece.</param>
    public static void Run(
        SafetensorsFile file,
        SafetensorsEntry entry,
        torch.Tensor destination,
        Action<long> copied,
        CancellationToken ct
    )
    {
        using var noGrad = torch.no_grad();
        torch.ScalarType type = entry.ElementType.ScalarType!.Value;
        if (entry.Shape.Count == 0)
        {
            CopyPiece(file, entry, type, destination, 0);
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
            using torch.Tensor target = destination.narrow(0, row, count);
            CopyPiece(file, entry, type, target, row * rowBytes);
            copied(count * rowBytes);
        }
    }

    private static void CopyPiece(SafetensorsFile file, SafetensorsEntry entry, torch.ScalarType type, torch.Tensor target, long offset)
    {
        using torch.Tensor staging = torch.empty(target.shape, dtype: type);
        Span<byte> bytes = staging.bytes;
        file.Bytes(entry, offset, bytes.Length).CopyTo(bytes);
        target.copy_(staging);
    }
}
