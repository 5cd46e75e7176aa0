using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Editing.Rules;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>
/// The order of the rules. Three parts: the text is cleaned once; then it is fitted to its place until no rule changes it any more, so that a
/// text that comes out is one that goes through unchanged; then it is judged.
/// </summary>
internal sealed class EditingPipeline
{
    /// <summary>Rounds in which a text must settle. Real texts take two or three.</summary>
    private const int MostRounds = 12;

    private readonly IReadOnlyList<IPlaceRule> places;
    private readonly IReadOnlyList<IEditingRule> cleaning;
    private readonly IReadOnlyList<IEditingRule> fitting;
    private readonly IReadOnlyList<IEditingRule> judging;

    private EditingPipeline(
        IReadOnlyList<IPlaceRule> places,
        IReadOnlyList<IEditingRule> cleaning,
        IReadOnlyList<IEditingRule> fitting,
        IReadOnlyList<IEditingRule> judging
    )
    {
        this.places = places;
        this.cleaning = cleaning;
        this.fitting = fitting;
        this.judging = judging;
    }

    /// <value>For suggestions at a cursor.</value>
    public static EditingPipeline Inline { get; } =
        new(
            [new InsideCharacterRule(), new OneLineRangeRule(), new InsideWordRule(), new InsideCommentRule(), new InsideStringRule()],
            [new ByteOrderMarkRule(), new BrokenCharacterRule(), new SpecialTokenRule(), new LineBreakRule(), new HalfLineRule()],
            [
                new PrefixEchoRule(),
                new BlankEdgeRule(),
                new OneLineRule(),
                new FitIndentationRule(),
                new StopAtDedentRule(),
                new RepetitionRule(),
                new SuffixLinesRule(),
                new LineTailRule(),
                new BalanceQuotesRule(),
                new BalanceBracketsRule(),
                new ClosingLineRule(),
            ],
            [new WhitespaceOnlyRule(), new JoinedTokensRule(), new IdenticalRule(), new TooShortRule(), new KeepsReplacedTextRule()]
        );

    /// <value>
    /// For spans that a client asked to have replaced: cleaned, without what the line goes on with anyway (a hole before a semicolon gets no
    /// second one), and otherwise as the model wrote them.
    /// </value>
    public static EditingPipeline Replacement { get; } =
        new(
            [],
            [new ByteOrderMarkRule(), new BrokenCharacterRule(), new SpecialTokenRule(), new LineBreakRule(), new LineTailRule()],
            [],
            []
        );

    /// <value>Names of all rules, in their order.</value>
    public IReadOnlyList<string> RuleNames =>
        [.. places.Select(rule => rule.Name), .. cleaning.Concat(fitting).Concat(judging).Select(rule => rule.Name)];

    /// <summary>The same rules without one, to see what it contributes.</summary>
    /// <exception cref="ArgumentException">There is no rule of that name.</exception>
    public EditingPipeline Without(string rule) =>
        RuleNames.Contains(rule)
            ? new EditingPipeline(
                [.. places.Where(other => other.Name != rule)],
                Other(cleaning, rule),
                Other(fitting, rule),
                Other(judging, rule)
            )
            : throw new ArgumentException($"there is no rule {rule}; use one of {string.Join(", ", RuleNames)}");

    private static IEditingRule[] Other(IReadOnlyList<IEditingRule> rules, string name) => [.. rules.Where(rule => rule.Name != name)];

    /// <summary>Why nothing would be suggested at a place, whatever the model wrote; null when it should be asked.</summary>
    public Silence? Refuse(EditContext context)
    {
        foreach (IPlaceRule rule in places)
        {
            if (rule.Refuse(context) is string reason)
            {
                return new Silence(rule.Name, reason);
            }
        }
        return null;
    }

    /// <summary>Makes an edit of a model's text, or finds that there is nothing to show.</summary>
    /// <param name="context">Where it goes.</param>
    /// <param name="text">What the model wrote for the context's span.</param>
    /// <param name="cutShort">Whether the model ran out of tokens.</param>
    public EditOutcome Apply(EditContext context, string text, bool cutShort = false)
    {
        var trace = new List<string>();
        if (Refuse(context) is Silence refusal)
        {
            return Silent(context, refusal, [refusal.Rule]);
        }
        var draft = new Draft(text, 0, cutShort);
        Silence? silence =
            Run(cleaning, context, ref draft, trace) ?? Fit(context, ref draft, trace) ?? Run(judging, context, ref draft, trace);
        if (silence is not null)
        {
            return Silent(context, silence, trace);
        }
        TextSpan range = context.Replaced with { Length = context.Replaced.Length + draft.Absorbed };
        return new EditOutcome
        {
            Range = range,
            NewText = draft.Text,
            Fired = trace,
        };
    }

    private Silence? Fit(EditContext context, ref Draft draft, List<string> trace)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            string before = draft.Text;
            draft = new Draft(before);
            if (Run(fitting, context, ref draft, trace) is Silence silence)
            {
                return silence;
            }
            if (draft.Text == before)
            {
                return null;
            }
        }
        return new Silence("Unsettled", $"the rules do not agree on a text after {MostRounds} rounds");
    }

    private static Silence? Run(IReadOnlyList<IEditingRule> rules, EditContext context, ref Draft draft, List<string> trace)
    {
        foreach (IEditingRule rule in rules)
        {
            RuleOutcome outcome = rule.Apply(context, draft);
            if ((outcome.Reason is not null || outcome.Draft != draft) && !trace.Contains(rule.Name))
            {
                trace.Add(rule.Name);
            }
            if (outcome.Reason is string reason)
            {
                return new Silence(rule.Name, reason);
            }
            draft = outcome.Draft;
        }
        return null;
    }

    private static EditOutcome Silent(EditContext context, Silence silence, IReadOnlyList<string> trace) =>
        new()
        {
            Range = context.Replaced,
            NewText = "",
            Silence = silence,
            Fired = trace,
        };
}
