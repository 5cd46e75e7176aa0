using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.CSharp;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Editing.Rules;

namespace StableDiffCoder.Lsp.Edits;

/// <summary>
/// Has a model rewrite code. The selection grows to what models are trained to rewrite: whole statements and members of C#, elsewhere whole lines. Where the
/// first answer in C# does not parse, other ones are asked for: the selection as it was, then samples. One that parses wins over those that do not.
/// </summary>
/// <param name="engine">The model.</param>
internal sealed class InstructedEditor(IEditEngine engine)
{
    private const int MostCandidates = 3;
    private const double SamplingTemperature = 0.5;

    private static readonly EditingPipeline Cleaning = EditingPipeline.Replacement.Without(new LineBreakRule().Name);

    /// <summary>Makes proposals until one is sound, and returns the best.</summary>
    /// <param name="snapshot">The document.</param>
    /// <param name="selection">What the user selected.</param>
    /// <param name="instruction">What is to be done.</param>
    /// <param name="observe">What looks on while a span is rewritten; it is asked anew for each candidate.</param>
    /// <param name="cancellationToken">Checked between forwards.</param>
    /// <exception cref="ArgumentException">The request does not suit the model.</exception>
    /// <exception cref="NotSupportedException">The model follows no instructions.</exception>
    public async Task<EditProposal> ProposeAsync(
        DocumentSnapshot snapshot,
        TextSpan selection,
        string instruction,
        Func<TextSpan, IProgress<InfillCanvas>?> observe,
        CancellationToken cancellationToken
    )
    {
        CSharpText? code = CSharpText.Of(snapshot);
        var proposals = new List<EditProposal>();
        ArgumentException? refusal = null;
        foreach ((TextSpan span, EditOptions options) in Candidates(snapshot.Text, code, selection))
        {
            var request = new EditRequest
            {
                Text = snapshot.Text,
                Span = span,
                Instruction = instruction,
                Options = options,
            };
            try
            {
                EditResult result = await engine.EditAsync(request, observe(span), cancellationToken);
                proposals.Add(Proposal(snapshot, code, result));
            }
            catch (ArgumentException exception)
            {
                // The grown selection may be too long for the model where the selection itself is not.
                refusal ??= exception;
                continue;
            }
            if (proposals[^1].IsSound)
            {
                return proposals[^1];
            }
        }
        return proposals.Count > 0 ? EditProposal.Best(proposals) : throw refusal!;
    }

    private static IEnumerable<(TextSpan Span, EditOptions Options)> Candidates(string text, CSharpText? code, TextSpan selection)
    {
        var greedy = new EditOptions();
        TextSpan grown = code is null ? SelectionGrowth.GrowToLines(text, selection) : SelectionGrowth.Grow(code, selection);
        IEnumerable<TextSpan> spans = grown == selection ? [selection] : [grown, selection];
        if (code is null)
        {
            // Nobody can tell which of several answers is the better one.
            return spans.Select(span => (span, greedy));
        }
        IEnumerable<EditOptions> samples = Enumerable
            .Range(1, MostCandidates)
            .Select(seed => greedy with { Temperature = SamplingTemperature, Seed = seed });
        return spans.Select(span => (span, greedy)).Concat(samples.Select(options => (grown, options))).Take(MostCandidates);
    }

    private static EditProposal Proposal(DocumentSnapshot snapshot, CSharpText? code, EditResult result)
    {
        var place = new EditContext(snapshot.Text, snapshot.LanguageId, result.Span.Start, result.Span);
        EditOutcome outcome = Cleaning.Apply(place, result.NewText);
        string newText = outcome.Silence is null ? outcome.NewText : snapshot.Text.Substring(result.Span.Start, result.Span.Length);
        int errors = EditProposal.CountNewErrors(code, result.Span, newText);
        return new EditProposal(result.Span, newText, errors, result.Stop == InfillStop.Length);
    }
}
