using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Objectives;
using StableDiffCoder.Training.Running;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Tests.Objectives;

public sealed class BlockDiffusionObjectiveTests
{
    private const int MaskId = 5;

    private static readonly ModelConfig Config = new()
    {
        VocabSize = 40,
        HiddenSize = 16,
        IntermediateSize = 24,
        LayerCount = 2,
        HeadCount = 2,
        KeyValueHeadCount = 1,
        HeadDimension = 8,
        MaxPositionEmbeddings = 32,
        TieWordEmbeddings = true,
    };

    [Fact]
    public void Terms_NoisyHalf_SeesWhatTheSamplerSees()
    {
        // The training layout of one row equals, block by block, a forward over [clean blocks before ; this noisy block].
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new DiffusionTransformer(Config, ScalarType.Float32, CPU);
        WeightInitialization.Randomize(model, 1);
        int[] row = [.. Enumerable.Range(0, 12).Select(i => 10 + i * 5 % 29)];
        using var objective = new BlockDiffusionObjective(
            new BlockNoiseOptions { BlockLength = 4 },
            12,
            MaskId,
            0,
            ScalarType.Float32,
            CPU
        );
        LossTerms terms = objective.Terms(model, [row], 0.5, new SampleRandom(11))!;
        RowNoise drawn = new BlockNoise(new BlockNoiseOptions { BlockLength = 4 }).Draw(12, null, new SampleRandom(11));
        Assert.Equal(drawn.Positions.Select(position => (long)row[position]), terms.Targets.data<long>().ToArray());
        Assert.Equal(drawn.Weights.Select(weight => weight / 12), terms.Weights.data<float>().ToArray());
        for (int i = 0; i < drawn.Positions.Count; i++)
        {
            int position = drawn.Positions[i];
            int start = position / 4 * 4;
            int[] input = [.. row[..start], .. Enumerable.Range(start, 4).Select(p => drawn.Positions.Contains(p) ? MaskId : row[p])];
            Tensor expected = model.Forward(input, AttentionPattern.BlockCausal(4))[position];
            Assert.True(terms.Hidden[i].allclose(expected, rtol: 1e-3, atol: 1e-4), $"position {position}");
        }
    }

    [Fact]
    public void Terms_BlockAsLongAsTheRow_IsFullAttentionWithoutACleanHalf()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new DiffusionTransformer(Config, ScalarType.Float32, CPU);
        WeightInitialization.Randomize(model, 1);
        int[] row = [.. Enumerable.Range(0, 8).Select(i => 10 + i)];
        using var objective = new BlockDiffusionObjective(new BlockNoiseOptions { BlockLength = 8 }, 8, MaskId, 0, ScalarType.Float32, CPU);
        LossTerms terms = objective.Terms(model, [row], 0.5, new SampleRandom(12))!;
        RowNoise drawn = new BlockNoise(new BlockNoiseOptions { BlockLength = 8 }).Draw(8, null, new SampleRandom(12));
        int[] noisy = [.. row.Select((id, p) => drawn.Positions.Contains(p) ? MaskId : id)];
        Tensor expected = model
            .Forward(noisy, AttentionPattern.Full)
            .index_select(0, tensor(drawn.Positions.Select(p => (long)p).ToArray()));
        Assert.True(terms.Hidden.allclose(expected, rtol: 1e-3, atol: 1e-4));
    }
}
