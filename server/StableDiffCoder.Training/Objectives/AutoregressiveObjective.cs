using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Data;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Objectives;

/// <summary>Next-token prediction under causal attention: stage 1 of the report's curriculum.</summary>
public sealed class AutoregressiveObjective(int length, ScalarType dtype, Device device) : IObjective
{
    private readonly AttentionTiles tiles = TrainingMask.Causal(length, dtype, device);

    /// <inheritdoc/>
    public double AttendedShare => tiles.ComputedShare;

    /// <inheritdoc/>
    public LossTerms? Terms(DiffusionTransformer model, IReadOnlyList<TrainingRow> rows, double stageProgress, SampleRandom random)
    {
        using var scope = NewDisposeScope();
        Tensor ids = BatchTensor.Ids(rows, device); // [B, L]
        Tensor hidden = model.Forward(ids, tiles).narrow(1, 0, length - 1).reshape(-1, model.Config.HiddenSize); // [B·(L−1), D]
        Tensor targets = ids.narrow(1, 1, length - 1).reshape(-1);
        if (rows.Any(row => row.Eligible is not null))
        {
            long[] counted = [.. Counted(rows)];
            if (counted.Length == 0)
            {
                return null;
            }
            Tensor index = tensor(counted, ScalarType.Int64, device: device);
            hidden = hidden.index_select(0, index); // [N, D]
            targets = targets.index_select(0, index);
        }
        Tensor weights = ones([targets.shape[0]], ScalarType.Float32, device).MultiplyInPlace(1.0 / targets.shape[0]);
        return new LossTerms(hidden.MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope(), 0);
    }

    // Where the targets that count stand among all B·(L−1).
    private IEnumerable<long> Counted(IReadOnlyList<TrainingRow> rows)
    {
        for (int r = 0; r < rows.Count; r++)
        {
            for (int target = 1; target < length; target++)
            {
                if (rows[r].Counts(target))
                {
                    yield return (long)r * (length - 1) + target - 1;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => tiles.Dispose();
}
