using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Optimization;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Tests.Optimization;

public sealed class MuonTests
{
    public MuonTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(24, 40)]
    [InlineData(16, 64)]
    [InlineData(64, 16)]
    public void Orthogonalized_AnyShape_KeepsDirectionsAndLevelsSingularValues(long rows, long columns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        Tensor matrix = randn([rows, columns], generator: generator);
        Tensor levelled = Muon.Orthogonalized(matrix);
        (Tensor u, _, Tensor vh) = linalg.svd(matrix, fullMatrices: false);
        Tensor inItsBasis = u.t().matmul(levelled).matmul(vh.t()); // diagonal, were the arithmetic exact
        Tensor diagonal = inItsBasis.diagonal();
        Assert.InRange(diagonal.min().item<float>(), 0.6f, 1.3f);
        Assert.InRange(diagonal.max().item<float>(), 0.6f, 1.3f);
        Assert.True((inItsBasis - diag(diagonal)).abs().max().item<float>() < 0.05);
    }

    [Fact]
    public void Orthogonalized_Zero_StaysZero()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, Muon.Orthogonalized(zeros(4, 8)).abs().max().item<float>());
    }

    [Fact]
    public void Direction_OneByOne_IsTheSignOfNesterovsMomentumTimesTheScale()
    {
        using var scope = NewDisposeScope();
        Tensor momentum = full([1, 1], 2f);
        // m = 0.5 · 2 − 3 = −2, and −3 + 0.5 · −2 = −4: its one singular value is brought near 1, and 0.2 · √1 scales it.
        Tensor direction = Muon.Direction(momentum, full([1, 1], -3f), beta: 0.5);
        Assert.Equal(-2, momentum.item<float>());
        Assert.InRange(direction.item<float>(), -0.2f * 1.3f, -0.2f * 0.6f);
    }

    [Theory]
    [InlineData("model.layers.0.mlp.up_proj.weight", 2, true)]
    [InlineData("model.layers.0.input_layernorm.weight", 1, false)]
    [InlineData("model.embed_tokens.weight", 2, false)]
    [InlineData("lm_head.weight", 2, false)]
    public void Applies_HiddenMatricesOnly(string name, int dimensions, bool expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected, Muon.Applies(name, zeros(Enumerable.Repeat(3L, dimensions).ToArray())));
    }
}
