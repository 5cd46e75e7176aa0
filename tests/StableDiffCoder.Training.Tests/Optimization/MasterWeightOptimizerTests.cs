using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Optimization;
using StableDiffCoder.Training.Running;
using static TorchSharp.torch;
using AdamW = TorchSharp.Modules.AdamW;

namespace StableDiffCoder.Training.Tests.Optimization;

public sealed class MasterWeightOptimizerTests
{
    private static readonly ModelConfig Config = new()
    {
        VocabSize = 20,
        HiddenSize = 8,
        IntermediateSize = 12,
        LayerCount = 1,
        HeadCount = 2,
        KeyValueHeadCount = 1,
        HeadDimension = 4,
        MaxPositionEmbeddings = 16,
        TieWordEmbeddings = true,
    };

    [Fact]
    public void Step_Float32_EqualsTorchsAdamWWithClipping()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using DiffusionTransformer ours = Model();
        using DiffusionTransformer theirs = Model();
        using var optimizer = new MasterWeightOptimizer(ours, new OptimizerOptions());
        AdamW reference = optim.AdamW(
            [
                new AdamW.ParamGroup(theirs.parameters().Where(p => p.dim() > 1), Options(0.1)),
                new AdamW.ParamGroup(theirs.parameters().Where(p => p.dim() == 1), Options(0)),
            ],
            lr: 0.01
        );
        int[] ids = [3, 9, 14, 2, 7, 11];
        for (int step = 0; step < 5; step++)
        {
            ours.Forward(ids, AttentionPattern.Causal).square().sum().backward();
            theirs.zero_grad();
            theirs.Forward(ids, AttentionPattern.Causal).square().sum().backward();
            double norm = optimizer.Step(0.01, largestNorm: 0.5);
            double referenceNorm = nn.utils.clip_grad_norm_(theirs.parameters(), 0.5);
            reference.step();
            Assert.Equal(referenceNorm, norm, referenceNorm * 1e-3);
        }
        foreach ((string name, Tensor weight) in ours.Weights)
        {
            double difference = (weight - theirs.Weights[name]).abs().max().item<float>();
            Assert.True(difference < 1e-4, $"{name}: {difference}");
        }
    }

    [Fact]
    public void Step_BFloat16_MastersKeepUpdatesTooSmallForTheWeights()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var model = new DiffusionTransformer(Config, ScalarType.BFloat16, CPU);
        WeightInitialization.Randomize(model, 5);
        using var optimizer = new MasterWeightOptimizer(model, new OptimizerOptions { WeightDecay = 0 });
        Tensor before = optimizer.Masters["model.norm.weight"].clone();
        for (int step = 0; step < 3; step++)
        {
            model.Forward([3, 9, 14], AttentionPattern.Causal).square().sum().backward();
            optimizer.Step(1e-4, largestNorm: 1);
        }
        Assert.True((optimizer.Masters["model.norm.weight"] - before).abs().max().item<float>() > 1e-5);
        // A gain of 1 in bfloat16 cannot hold a step of 1e-4.
        Assert.True(model.Weights["model.norm.weight"].to(ScalarType.Float32).allclose(ones(8)));
    }

    private static AdamW.Options Options(double decay) =>
        new()
        {
            LearningRate = 0.01,
            beta1 = 0.9,
            beta2 = 0.95,
            eps = 1e-8,
            weight_decay = decay,
        };

    private static DiffusionTransformer Model()
    {
        var model = new DiffusionTransformer(Config, ScalarType.Float32, CPU);
        WeightInitialization.Randomize(model, 5);
        return model;
    }
}
