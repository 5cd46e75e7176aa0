using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tests.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Diffusion;

public sealed class CanvasSamplerTests
{
    private const int Mask = 5;
    private static readonly SpecialIds Special = new(Mask, Eos: 2, [Mask, 48, 49]);
    private static readonly CanvasHole[] Holes = [new(3, 5), new(12, 4)];

    private static int[] MaskedCanvas()
    {
        int[] ids = [.. Enumerable.Range(0, 18).Select(i => 7 + i * 5 % 40)];
        foreach (int position in Holes.SelectMany(hole => hole.Positions))
        {
            ids[position] = Mask;
        }
        return ids;
    }

    [Theory]
    [InlineData(null, null, 9)]
    [InlineData(3, null, 3)]
    [InlineData(null, 1e-9, 1)]
    public void Denoise_StepsAndThreshold_DecideTheForwards(int? steps, double? threshold, int expected)
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 3);
        int[] canvas = MaskedCanvas();
        var masks = new List<int>();
        int forwards = 0;
        IReadOnlyList<Generation> fills = new CanvasSampler(model, Special with { Eos = -1 }).Denoise(
            canvas,
            Holes,
            new CanvasSamplerOptions { Steps = steps, Threshold = threshold },
            step =>
            {
                masks.Add(step.Canvas.Count(id => id == Mask));
                forwards = step.Forwards;
            },
            CancellationToken.None
        );
        Assert.Equal(expected, forwards);
        Assert.Equal(masks.OrderDescending().Distinct(), masks);
        Assert.DoesNotContain(canvas, id => Special.Forbidden.Contains(id));
        Assert.Equal([5, 4], fills.Select(fill => fill.NewIds.Count));
        Assert.All(fills.SelectMany(fill => fill.Confidences), confidence => Assert.InRange(confidence, 1e-9, 1));
    }

    [Fact]
    public void Denoise_Greedy_RevealsTheMostConfidentOfAllHoles()
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 4);
        int[] expected = MaskedCanvas();
        using (inference_mode(true))
        {
            // The rule, spelled out: one forward over all, the single most probable allowed token of all masked positions.
            while (expected.Contains(Mask))
            {
                using Tensor logits = model.Logits(model.Forward(expected, AttentionPattern.Full)).to(ScalarType.Float64);
                using Tensor allowed = logits.index_fill(
                    1,
                    tensor(Special.Forbidden.Select(id => (long)id).ToArray()),
                    double.NegativeInfinity
                );
                double[,] probability = new double[expected.Length, 50];
                double[] flat = nn.functional.softmax(allowed, 1).data<double>().ToArray();
                Buffer.BlockCopy(flat, 0, probability, 0, flat.Length * sizeof(double));
                (int position, int id) = (
                    from p in Enumerable.Range(0, expected.Length)
                    where expected[p] == Mask
                    from v in Enumerable.Range(0, 50)
                    orderby probability[p, v] descending
                    select (p, v)
                ).First();
                expected[position] = id;
                if (id == Special.Eos)
                {
                    CanvasHole hole = Holes.Single(h => h.Positions.Contains(position));
                    foreach (int later in hole.Positions.Where(p => p > position))
                    {
                        expected[later] = id;
                    }
                }
            }
        }
        int[] canvas = MaskedCanvas();
        new CanvasSampler(model, Special).Denoise(canvas, Holes, new CanvasSamplerOptions(), null, CancellationToken.None);
        Assert.Equal(expected, canvas);
    }

    [Fact]
    public void Denoise_LeftToRight_RevealsPlaceByPlace()
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 4);
        var revealed = new List<int[]>();
        new CanvasSampler(model, Special with { Eos = -1 }).Denoise(
            MaskedCanvas(),
            Holes,
            new CanvasSamplerOptions { Remasking = RemaskingOrder.LeftToRight },
            step => revealed.Add([.. Enumerable.Range(0, step.Canvas.Count).Where(place => step.Canvas[place] == Mask)]),
            CancellationToken.None
        );
        int[] places = [.. Holes.SelectMany(hole => hole.Positions)];
        Assert.Equal([.. Enumerable.Range(1, places.Length).Select(count => places[count..])], revealed);
    }

    [Fact]
    public void Denoise_EosRevealed_FillsTheRestOfItsHoleOnly()
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 5);
        // Whatever the model likes best at some place is declared to be eos.
        int[] first = MaskedCanvas();
        new CanvasSampler(model, Special with { Eos = -1 }).Denoise(first, Holes, new CanvasSamplerOptions(), null, CancellationToken.None);
        int eos = first[4];
        int[] canvas = MaskedCanvas();
        IReadOnlyList<Generation> fills = new CanvasSampler(model, Special with { Eos = eos }).Denoise(
            canvas,
            Holes,
            new CanvasSamplerOptions(),
            null,
            CancellationToken.None
        );
        Assert.Contains(fills, fill => fill.Stop == GenerationStop.Eos);
        Assert.All(fills, fill => Assert.All(fill.NewIds.SkipWhile(id => id != eos), id => Assert.Equal(eos, id)));
        Assert.DoesNotContain(Mask, canvas);
    }

    [Fact]
    public void Denoise_CancelledInAStep_RunsNoFurtherForward()
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 6);
        using var cancellation = new CancellationTokenSource();
        int steps = 0;
        void CancelAtTwo(CanvasStep step)
        {
            if (++steps == 2)
            {
                cancellation.Cancel();
            }
        }
        Assert.Throws<OperationCanceledException>(() =>
            new CanvasSampler(model, Special).Denoise(MaskedCanvas(), Holes, new CanvasSamplerOptions(), CancelAtTwo, cancellation.Token)
        );
        Assert.Equal(2, steps);
    }

    [Fact]
    public void FirstStepConfidence_TwoHoles_IsTheMeanOfEach()
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 7);
        int[] canvas = MaskedCanvas();
        IReadOnlyList<double> both = new CanvasSampler(model, Special).FirstStepConfidence(canvas, Holes, CancellationToken.None);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor logits = model.Logits(model.Forward(canvas, AttentionPattern.Full)).to(ScalarType.Float64);
        logits.index_fill_(1, tensor(Special.Forbidden.Select(id => (long)id).ToArray()), double.NegativeInfinity);
        double[] best = nn.functional.softmax(logits, 1).max(1).values.data<double>().ToArray();
        Assert.Equal(Holes.Select(hole => hole.Positions.Average(p => best[p])), both, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(1)]
    public void FirstStepEnds_TwoHoles_AreTheFirstEosSureEnough(double sure)
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 7);
        int[] canvas = MaskedCanvas();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor logits = model.Logits(model.Forward(canvas, AttentionPattern.Full)).to(ScalarType.Float64);
        logits.index_fill_(1, tensor(Special.Forbidden.Select(id => (long)id).ToArray()), double.NegativeInfinity);
        (Tensor values, Tensor indexes) = nn.functional.softmax(logits, 1).max(1);
        (double[] probability, long[] best) = (values.data<double>().ToArray(), indexes.data<long>().ToArray());
        // What the model proposes at the second hole's last position is made the eos, so that there is one.
        SpecialIds special = Special with
        {
            Eos = (int)best[Holes[1].Start + Holes[1].Length - 1],
        };
        int[] expected =
        [
            .. Holes.Select(hole =>
                hole.Positions.Select((position, i) => (position, i))
                    .Where(at => best[at.position] == special.Eos && probability[at.position] >= sure)
                    .Select(at => at.i)
                    .FirstOrDefault(hole.Length)
            ),
        ];
        Assert.Equal(expected, new CanvasSampler(model, special).FirstStepEnds(canvas, Holes, sure, CancellationToken.None));
        Assert.True(sure > 0 || expected[1] < Holes[1].Length, "the second hole has an end");
    }
}
