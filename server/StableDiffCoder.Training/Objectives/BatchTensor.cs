using StableDiffCoder.Training.Data;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Objectives;

/// <summary>Rows of ids as tensors.</summary>
internal static class BatchTensor
{
    /// <summary>[B, L] int64.</summary>
    public static Tensor Ids(IReadOnlyList<int[]> rows, Device device) =>
        tensor(
            rows.SelectMany(row => row.Select(id => (long)id)).ToArray(),
            [rows.Count, rows[0].Length],
            ScalarType.Int64,
            device: device
        );

    /// <summary>[B, L] int64.</summary>
    public static Tensor Ids(IReadOnlyList<TrainingRow> rows, Device device) => Ids([.. rows.Select(row => row.Ids)], device);
}
