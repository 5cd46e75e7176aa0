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
        using var objective = Objective(blockLength: 4, length: 12);
        LossTerms terms = objective.Terms(model, [new TrainingRow(row)], 0.5, new SampleRandom(11))!;
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
        using var objective = Objective(blockLength: 8, length: 8);
        LossTerms terms = objective.Terms(model, [new TrainingRow(row)], 0.5, new SampleRandom(12))!;
        RowNoise drawn = new BlockNoise(new BlockNoiseOptions { BlockLength = 8 }).Draw(8, null, new SampleRandom(12));
        int[] noisy = [.. row.Select((id, p) => drawn.Positions.Contains(p) ? MaskId : id)];
        Tensor expected = model
            .Forward(noisy, AttentionPattern.Full)
            .index_select(0, tensor(drawn.Positions.Select(p => (long)p).ToArray()));
        Assert.True(terms.Hidden.allclose(expected, rtol: 1e-3, atol: 1e-4));
    }

    [Fact]
    public void Terms_ShiftedBlocksOfOne_AreTheAutoregressiveLoss()
    {
        // B = 1, clipped: every token is masked, and predicted from the clean token before it under a causal mask.
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new DiffusionTransformer(Config, ScalarType.Float32, CPU);
        WeightInitialization.Randomize(model, 2);
        TrainingRow[] rows =
        [
            .. Enumerable.Range(0, 2).Select(r => new TrainingRow([.. Enumerable.Range(0, 12).Select(i => 7 + (i * 7 + r) % 30)])),
        ];
        using var diffusion = Objective(blockLength: 1, length: 12, shift: true);
        using var autoregressive = new AutoregressiveObjective(12, ScalarType.Float32, CPU);
        double expected = FusedLinearCrossEntropy.Evaluate(autoregressive.Terms(model, rows, 0.5, new SampleRandom(1))!, model.HeadWeight);
        double actual = FusedLinearCrossEntropy.Evaluate(diffusion.Terms(model, rows, 0.5, new SampleRandom(1))!, model.HeadWeight);
        Assert.Equal(expected, actual, 1e-5);
    }

    [Fact]
    public void Terms_ShiftedBlocks_PredictFromThePositionBefore()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new DiffusionTransformer(Config, ScalarType.Float32, CPU);
        WeightInitialization.Randomize(model, 1);
        int[] row = [.. Enumerable.Range(0, 12).Select(i => 10 + i * 5 % 29)];
        using var objective = Objective(blockLength: 4, length: 12, shift: true);
        LossTerms terms = objective.Terms(model, [new TrainingRow(row)], 0.5, new SampleRandom(11))!;
        bool[] eligible = [.. Enumerable.Range(0, 12).Select(position => position > 0)];
        RowNoise drawn = new BlockNoise(new BlockNoiseOptions { BlockLength = 4 }).Draw(12, null, new SampleRandom(11), eligible);
        Assert.Equal(drawn.Positions.Select(position => (long)row[position]), terms.Targets.data<long>().ToArray());
        Assert.DoesNotContain(0, drawn.Positions);
        foreach ((int position, int i) in drawn.Positions.Select((position, i) => (position, i)))
        {
            // The sampler would have the finished blocks clean, and the position before a block's first is in one of them.
            int block = (position - 1) / 4 * 4;
            bool firstOfBlock = position % 4 == 0;
            int[] input =
            [
                .. row[..block],
                .. Enumerable.Range(block, 4).Select(p => drawn.Positions.Contains(p) && !firstOfBlock ? MaskId : row[p]),
            ];
            Tensor expected = model.Forward(input, AttentionPattern.BlockCausal(4))[position - 1];
            Assert.True(terms.Hidden[i].allclose(expected, rtol: 1e-3, atol: 1e-4), $"position {position}");
        }
    }

    [Fact]
    public void Terms_Causal_SeesTheLeftOnly()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new DiffusionTransformer(Config, ScalarType.Float32, CPU);
        WeightInitialization.Randomize(model, 1);
        int[] row = [.. Enumerable.Range(0, 8).Select(i => 10 + i)];
        using var objective = Objective(blockLength: 8, length: 8, causal: true);
        LossTerms terms = objective.Terms(model, [new TrainingRow(row)], 0.5, new SampleRandom(12))!;
        RowNoise drawn = new BlockNoise(new BlockNoiseOptions { BlockLength = 8 }).Draw(8, null, new SampleRandom(12));
        int[] noisy = [.. row.Select((id, p) => drawn.Positions.Contains(p) ? MaskId : id)];
        Tensor expected = model
            .Forward(noisy, AttentionPattern.Causal)
            .index_select(0, tensor(drawn.Positions.Select(p => (long)p).ToArray()));
        Assert.True(terms.Hidden.allclose(expected, rtol: 1e-3, atol: 1e-4));
    }

    [Fact]
    public void Terms_RowWithHoles_NoisesAndCountsHolesOnly()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new DiffusionTransformer(Config, ScalarType.Float32, CPU);
        WeightInitialization.Randomize(model, 1);
        int[] ids = [.. Enumerable.Range(0, 12).Select(i => 10 + i)];
        bool[] holes = [.. ids.Select(id => id is 13 or 14 or 18)];
        using var objective = Objective(blockLength: 12, length: 12, fixedRate: 1);
        LossTerms terms = objective.Terms(model, [new TrainingRow(ids, holes)], 0.5, new SampleRandom(13))!;
        Assert.Equal([13L, 14L, 18L], terms.Targets.data<long>().ToArray());
        Assert.All(terms.Weights.data<float>().ToArray(), weight => Assert.Equal(1f / 3, weight, 6));
        int[] noisy = [.. ids.Select((id, p) => holes[p] ? MaskId : id)];
        Tensor expected = model.Forward(noisy, AttentionPattern.Full).index_select(0, tensor((long[])[3, 4, 8]));
        Assert.True(terms.Hidden.allclose(expected, rtol: 1e-3, atol: 1e-4));
    }

    [Fact]
    public void Terms_AutoregressiveWithIneligibleTokens_LeavesThemOut()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new DiffusionTransformer(Config, ScalarType.Float32, CPU);
        WeightInitialization.Randomize(model, 1);
        bool[] counts = [true, false, false, true, true, false];
        using var objective = new AutoregressiveObjective(6, ScalarType.Float32, CPU);
        LossTerms terms = objective.Terms(model, [new TrainingRow([10, 11, 12, 13, 14, 15], counts)], 0, new SampleRandom(1))!;
        Assert.Equal([13L, 14L], terms.Targets.data<long>().ToArray());
        Assert.Equal([0.5f, 0.5f], terms.Weights.data<float>().ToArray());
    }

    private static BlockDiffusionObjective Objective(
        int blockLength,
        int length,
        bool shift = false,
        bool causal = false,
        double? fixedRate = null
    ) =>
        new(
            new BlockDiffusionOptions
            {
                Noise = new BlockNoiseOptions { BlockLength = blockLength, FixedRate = fixedRate },
                WarmupShare = 0,
                LogitShift = shift,
                Causal = causal,
            },
            length,
            MaskId,
            ScalarType.Float32,
            CPU
        );
}
