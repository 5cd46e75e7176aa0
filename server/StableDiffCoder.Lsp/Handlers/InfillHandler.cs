using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Edits;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Settings;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>stableDiffCoder/infill: fills the given spans of an open document.</summary>
internal sealed class InfillHandler(ModelWork work, CurrentSettings settings, WorkspaceContext context, LspRpc rpc)
{
    /// <summary>Waits for the model if it is still loading, then fills.</summary>
    /// <exception cref="LspException">Wrong spans (−32602), a stale version (−32801), no model, a document out of step or excluded (−32803).</exception>
    public async Task<InfillResponse> HandleAsync(InfillParams parameters, CancellationToken cancellationToken)
    {
        DocumentSnapshot snapshot = work.Snapshot(parameters.TextDocument);
        (FillPlan plan, InfillRequest request) = Prepare(snapshot, parameters);
        await using CanvasStream? canvases = CanvasStream.Open(parameters.CanvasToken, rpc, plan.Join);
        IReadOnlyList<InfilledSpan> fills =
            plan.Holes.Count == 0
                ? []
                : await work.RunAsync(
                    snapshot,
                    (engine, token) => FillAsync(engine, snapshot, request, canvases, token),
                    cancellationToken
                );
        return new InfillResponse
        {
            Version = snapshot.Version,
            Spans = [.. plan.Join(fills, fill => NewText(snapshot, fill)).Select(span => ToResponse(snapshot, span))],
            Edits =
            [
                .. fills
                    .SelectMany(fill => SmallestEdits.Of(snapshot.Text, fill.Span, NewText(snapshot, fill)))
                    .Select(edit => ToEdit(snapshot, edit)),
            ],
        };
    }

    private async Task<IReadOnlyList<InfilledSpan>> FillAsync(
        IInfillEngine engine,
        DocumentSnapshot snapshot,
        InfillRequest request,
        CanvasStream? canvases,
        CancellationToken cancellationToken
    )
    {
        InfillRequest informed = request with
        {
            Snippets = context.Snippets(snapshot, request.Spans[0].Start),
            Options = request.Options with { SnippetTokens = settings.Value.Context.Tokens },
        };
        InfillResult result = await engine.InfillAsync(informed, canvases, cancellationToken);
        var mender = new FillMender(engine, snapshot, informed, settings.Value.Infill.RepairRounds);
        Func<IProgress<InfillCanvas>>? observe = canvases is null ? null : () => canvases.Restarted();
        return await mender.MendAsync(result.Spans, observe, cancellationToken);
    }

    private static (FillPlan Plan, InfillRequest Request) Prepare(DocumentSnapshot snapshot, InfillParams parameters)
    {
        TextSpan[] spans = [.. parameters.Spans.Select((range, index) => ModelWork.SpanOf(snapshot, range, $"spans[{index}]"))];
        TextSpan[] pinned = [.. (parameters.Pinned ?? []).Select((range, index) => ModelWork.SpanOf(snapshot, range, $"pinned[{index}]"))];
        var options = new InfillOptions();
        var request = new InfillRequest
        {
            Text = snapshot.Text,
            Spans = [.. spans.OrderBy(span => span.Start).ThenBy(span => span.Length)],
            Options = parameters.MaxNewTokens is int tokens ? options with { MaxNewTokens = tokens } : options,
        };
        try
        {
            request.Validate();
            var plan = new FillPlan(snapshot.Text, spans, pinned);
            return (plan, request with { Spans = plan.Holes });
        }
        catch (ArgumentException exception)
        {
            throw new LspException(LspErrorCodes.InvalidParams, exception.Message, exception);
        }
    }

    private static InfillResponseSpan ToResponse(DocumentSnapshot snapshot, FilledSpan filled)
    {
        double[] confidences = [.. filled.Holes.SelectMany(hole => hole.Confidences)];
        return new InfillResponseSpan
        {
            Range = snapshot.Lines.RangeOf(filled.Span),
            NewText = filled.NewText,
            Tokens = filled.Holes.Sum(hole => hole.Tokens),
            Forwards = filled.Holes.Sum(hole => hole.Forwards),
            Confidence = confidences.Length == 0 ? 0 : confidences.Average(),
        };
    }

    private static TextEdit ToEdit(DocumentSnapshot snapshot, Replacement edit) =>
        new() { Range = snapshot.Lines.RangeOf(edit.Span), NewText = edit.NewText };

    // The model's text with the document's line breaks, whole characters and no byte order mark.
    private static string NewText(DocumentSnapshot snapshot, InfilledSpan filled)
    {
        var place = new EditContext(snapshot.Text, snapshot.LanguageId, filled.Span.Start, filled.Span);
        EditOutcome edit = EditingPipeline.Replacement.Apply(place, filled.Text);
        return edit.Silence is null ? edit.NewText : "";
    }
}
