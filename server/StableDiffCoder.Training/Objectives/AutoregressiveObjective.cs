using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Data;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Objectives;

/// <summary>Next-token prediction under causal attention: stage 1 of the report's curriculum.</summary>
public sealed class AutoregressiveObjective(int length, ScalarType dtype, Device device) : IObjective
{
    private readonly Tensor mask = TrainingMask.Causal(length, dtype, device);

    /// <inheritdoc/>
    public LossTerms Terms(DiffusionTransformer model, IReadOnlyList<int[]> rows, double stageProgress, SampleRandom random)
    {
        using var scope = NewDisposeScope();
        Tensor ids = BatchTensor.Ids(rows, device); // [B, L]
        Tensor hidden = model.Forward(ids, mask).narrow(1, 0, length - 1).reshape(-1, model.Config.HiddenSize); // [B·(L−1), D]
        Tensor targets = ids.narrow(1, 1, length - 1).reshape(-1);
        Tensor weights = full([targets.shape[0]], 1.0 / targets.shape[0], ScalarType.Float32, device);
        return new LossTerms(hidden.MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope(), 0);
    }

    /// <inheritdoc/>
    public void Dispose() => mask.Dispose();
}
