using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Objectives;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Tests.Objectives;

public sealed class FusedLinearCrossEntropyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(0.25)]
    public void Backward_EqualsThePlainLossAndItsGradients(double scale)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        // More rows than a chunk holds.
        Tensor input = randn([700, 12], generator: generator);
        Tensor targets = randint(0, 30, [700], dtype: ScalarType.Int64, generator: generator);
        Tensor weights = rand([700], generator: generator);
        Tensor initial = randn([30, 12], generator: generator);

        Tensor plainInput = input.clone().requires_grad_();
        Tensor plainHead = initial.clone().requires_grad_();
        Tensor plain = (
            nn.functional.cross_entropy(nn.functional.linear(plainInput * 2, plainHead), targets, reduction: nn.Reduction.None) * weights
        ).sum();
        (plain * scale).backward();

        Tensor fusedInput = input.clone().requires_grad_();
        Tensor fusedHead = initial.clone().requires_grad_();
        var terms = new LossTerms(fusedInput * 2, targets, weights, 0);
        double loss = FusedLinearCrossEntropy.Backward(terms, fusedHead, scale);

        Assert.Equal(plain.item<float>(), loss, 1e-2);
        Assert.Equal(loss, FusedLinearCrossEntropy.Evaluate(terms, fusedHead), 1e-2);
        Assert.True(fusedInput.grad!.allclose(plainInput.grad!, rtol: 1e-4, atol: 1e-5));
        Assert.True(fusedHead.grad!.allclose(plainHead.grad!, rtol: 1e-4, atol: 1e-4));
    }
}
