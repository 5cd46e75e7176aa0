using CsCheck;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Model;

public sealed class AttentionTilesTests
{
    public AttentionTilesTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void Attend_AnyPattern_EqualsOneMaskedAttentionInValuesAndGradients() =>
        Gen.Select(Gen.Bool.Array[256], Gen.Int[0, 3].Select(power => 1 << power), Gen.Int[0, 1000])
            .Sample(
                (drawn, tile, seed) =>
                {
                    using var scope = NewDisposeScope();
                    bool Sees(int i, int j) => i == j || (drawn[i * 16 + j] && drawn[(i / 4 * 4 + j / 4) % 256]);
                    using var tiles = new AttentionTiles(16, Sees, ScalarType.Float32, CPU, tile);
                    Tensor mask = tensor(
                        [.. Enumerable.Range(0, 256).Select(pair => Sees(pair / 16, pair % 16))],
                        [16, 16],
                        ScalarType.Bool
                    );
                    using var generator = new Generator((ulong)seed, CPU);
                    Tensor[] inputs = [.. Enumerable.Range(0, 3).Select(_ => randn([2, 3, 16, 8], generator: generator).requires_grad_())];
                    Tensor[] same = [.. inputs.Select(input => input.detach().clone().requires_grad_())];
                    Tensor tiled = tiles.Attend(inputs[0], inputs[1], inputs[2]);
                    Tensor whole = nn.functional.scaled_dot_product_attention(same[0], same[1], same[2], mask);
                    Assert.True(tiled.allclose(whole, rtol: 1e-4, atol: 1e-5));
                    (tiled * tiled).sum().backward();
                    (whole * whole).sum().backward();
                    Assert.All(inputs.Zip(same), pair => Assert.True(pair.First.grad!.allclose(pair.Second.grad!, rtol: 1e-3, atol: 1e-4)));
                },
                iter: 60,
                threads: 1
            );

    [Fact]
    public void ComputedShare_Causal_LeavesOutTilesAboveTheDiagonal()
    {
        using var tiles = new AttentionTiles(16, (i, j) => j <= i, ScalarType.Float32, CPU, tile: 4);
        Assert.Equal(10.0 / 16, tiles.ComputedShare);
        using var whole = new AttentionTiles(18, (i, j) => j <= i, ScalarType.Float32, CPU, tile: 4);
        Assert.Equal(1, whole.ComputedShare);
    }
}
