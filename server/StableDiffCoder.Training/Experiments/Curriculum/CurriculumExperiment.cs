using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Experiments.Curriculum;

/// <summary>
/// The curriculum (report 3.1.2, figure 2): new knowledge learned by AR → BiDLLM, ARDLLM → BiDLLM and BiDLLM at equal compute (rows have L
/// positions in all stages, so equal tokens), decoded with blocks of 1, 2 and 32. ARDLLM is read as the masked-diffusion objective under
/// causal attention.
/// </summary>
public sealed class CurriculumExperiment : IExperiment
{
    private const int NewTokens = 32;
    private const int BatchOfPrompts = 64;
    private static readonly int[] Blocks = [1, 2, 32];

    /// <summary>Right answers, as a share, of one run.</summary>
    internal sealed record Accuracy(string Set, int Block, double Share);

    /// <inheritdoc/>
    public string Name => "curriculum";

    /// <inheritdoc/>
    public string Title => "Curriculum (figure 2): new knowledge by AR → BiDLLM, ARDLLM → BiDLLM and BiDLLM at equal compute";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        IReadOnlyList<Question> questions = ArithmeticCorpus.Make(context.Sized(40, 10), seed: 1);
        ExperimentData data = CurriculumRuns.WriteData(context, questions);
        long[] seeds = context.Sized<long[]>([1, 2, 3], [1]);
        var measured = new Dictionary<string, List<IReadOnlyList<Accuracy>>>();
        var curves = new List<ResultSeries>();
        foreach (string arm in CurriculumRuns.Arms)
        {
            measured[arm] = [];
            foreach (long seed in seeds)
            {
                TrainedRun run = CurriculumRuns.Train(context, data, arm, seed);
                measured[arm].Add(context.Once(run, "accuracy", () => Measure(context, run, questions)));
                if (seed == seeds[0])
                {
                    curves.Add(RunCurves.ByTokens(arm, run, metrics => metrics.Loss));
                }
            }
        }
        string[] sets = [.. measured[CurriculumRuns.Arms[0]][0].Select(accuracy => accuracy.Set).Distinct()];
        double[] Shares(string arm, string set, int block) =>
            [.. measured[arm].Select(run => run.Single(accuracy => accuracy.Set == set && accuracy.Block == block).Share)];
        return new ExperimentResult
        {
            Tables =
            [
                .. sets.Select(set => new ResultTable(
                    $"Right answers, {set} (mean ± standard deviation of {seeds.Length} seeds)",
                    ["trained by", .. Blocks.Select(block => $"block {block}")],
                    [
                        .. CurriculumRuns.Arms.Select(arm =>
                            (string[])[arm, .. Blocks.Select(block => Figures.PercentOf(Shares(arm, set, block)))]
                        ),
                    ]
                )),
            ],
            Plots = [new ResultPlot("Training loss, first seed", "million tokens", "nats a token", curves, LogarithmicY: true)],
            Findings = [.. sets.Select(set => Order(set, block => CurriculumRuns.Arms.Select(arm => Shares(arm, set, block)).ToArray()))],
        };
    }

    private static string Order(string set, Func<int, double[][]> sharesOf)
    {
        string[] holds =
        [
            .. Blocks
                .Where(block =>
                    sharesOf(block) is var arms && arms[0].Average() > arms[1].Average() && arms[1].Average() > arms[2].Average()
                )
                .Select(block => $"{block}"),
        ];
        string[] clear =
        [
            .. Blocks
                .Where(block =>
                    sharesOf(block) is var arms && arms[0].Average() - arms[2].Average() > Figures.Spread(arms[0]) + Figures.Spread(arms[2])
                )
                .Select(block => $"{block}"),
        ];
        string ordered = holds.Length == 0 ? "for no block" : $"with blocks of {string.Join(", ", holds)}";
        string apart = clear.Length == 0 ? "for no block" : $"with blocks of {string.Join(", ", clear)}";
        return $"{set}: the means have figure 2's order {ordered}; AR → BiDLLM is ahead of BiDLLM by more than both spreads {apart}.";
    }

    private static IReadOnlyList<Accuracy> Measure(ExperimentContext context, TrainedRun run, IReadOnlyList<Question> questions)
    {
        using LoadedModel model = LoadedModel.Load(
            run.Model,
            new ModelLoadOptions
            {
                DataType = "float32",
                Device = context.Device,
                Threads = context.Threads,
            },
            progress: null,
            context.CancellationToken
        );
        var decoder = new BlockwiseDecoder(model.Transformer, model.SpecialIds);
        int count = context.Sized(200, 8);
        return
        [
            .. from set in Sets(questions, count)
            from block in Blocks
            select new Accuracy(set.Name, block, Share(context, model, decoder, set.Questions, block)),
        ];
    }

    private static IEnumerable<(string Name, Question[] Questions)> Sets(IReadOnlyList<Question> questions, int count)
    {
        Question[] Draw(string kind, bool heldOut) =>
            [
                .. questions
                    .Where(question => question.Kind == kind && question.HeldOut == heldOut)
                    .OrderBy(question => SeededHash.Of(1, "question", question.Prompt))
                    .Take(count),
            ];
        yield return ("sums, held out", Draw("sum", heldOut: true));
        yield return ("API calls, held out", Draw("api", heldOut: true));
        yield return ("API calls, seen in training", Draw("api", heldOut: false));
    }

    private static double Share(ExperimentContext context, LoadedModel model, BlockwiseDecoder decoder, Question[] questions, int block)
    {
        int right = 0;
        IEnumerable<(int[] Prompt, string Answer)> prompts = questions.Select(question =>
            (model.Tokenizer.Encode(question.Prompt, parseSpecial: false).ToArray(), question.Answer)
        );
        foreach (var group in prompts.GroupBy(prompt => prompt.Prompt.Length))
        {
            foreach ((int[] Prompt, string Answer)[] batch in group.Chunk(BatchOfPrompts))
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                int[][] filled = decoder.Decode([.. batch.Select(prompt => prompt.Prompt)], NewTokens, block);
                right += filled
                    .Zip(batch)
                    .Count(pair =>
                        model.Tokenizer.Decode([.. pair.First.TakeWhile(id => id != model.SpecialIds.Eos)]) == pair.Second.Answer
                    );
            }
        }
        return (double)right / questions.Length;
    }
}
