using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>stableDiffCoder/infill: fills the given spans of an open document.</summary>
internal sealed class InfillHandler(DocumentStore documents, BackgroundEngine engine)
{
    /// <summary>Waits for the model if it is still loading, then fills.</summary>
    /// <exception cref="LspException">Wrong spans (−32602), a stale version (−32801), no model or a document out of step (−32803).</exception>
    public async Task<InfillResponse> HandleAsync(InfillParams parameters, CancellationToken cancellationToken)
    {
        DocumentSnapshot snapshot = Snapshot(parameters.TextDocument);
        int[] order = InDocumentOrder(snapshot, parameters.Spans, out TextSpan[] spans);
        InfillRequest request = CreateRequest(snapshot, [.. order.Select(index => spans[index])], parameters.MaxNewTokens);
        InfillResult result = await FillAsync(snapshot, request, cancellationToken);
        var answers = new InfillResponseSpan[spans.Length];
        for (int i = 0; i < order.Length; i++)
        {
            InfilledSpan filled = result.Spans[i];
            answers[order[i]] = new InfillResponseSpan
            {
                Range = snapshot.Lines.RangeOf(filled.Span),
                NewText = NewText(snapshot, filled),
                Tokens = filled.Tokens,
                Forwards = filled.Forwards,
            };
        }
        return new InfillResponse { Version = snapshot.Version, Spans = answers };
    }

    // The model's text with the document's line breaks, whole characters and no byte order mark.
    private static string NewText(DocumentSnapshot snapshot, InfilledSpan filled)
    {
        var place = new EditContext(snapshot.Text, snapshot.LanguageId, filled.Span.Start, filled.Span);
        EditOutcome edit = EditingPipeline.Replacement.Apply(place, filled.Text);
        return edit.Silence is null ? edit.NewText : "";
    }

    private DocumentSnapshot Snapshot(OptionalVersionedTextDocumentIdentifier document)
    {
        if (documents.ProblemOf(document.Uri) is string problem)
        {
            throw new LspException(LspErrorCodes.RequestFailed, $"the document is out of step: {problem}; close it and open it again");
        }
        DocumentSnapshot snapshot =
            documents.Find(document.Uri)
            ?? throw new LspException(
                LspErrorCodes.InvalidParams,
                "textDocument.uri names no open document; send textDocument/didOpen first"
            );
        return document.Version is null || document.Version == snapshot.Version
            ? snapshot
            : throw new LspException(
                LspErrorCodes.ContentModified,
                $"textDocument.version is {document.Version}; the document is at version {snapshot.Version}"
            );
    }

    private async Task<InfillResult> FillAsync(DocumentSnapshot snapshot, InfillRequest request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, snapshot.Stale);
        try
        {
            IInfillEngine ready = await engine.WaitAsync(either.Token);
            InfillResult result = await Task.Run(() => ready.InfillAsync(request, null, either.Token), either.Token);
            snapshot.Stale.ThrowIfCancellationRequested();
            return result;
        }
        catch (OperationCanceledException) when (snapshot.Stale.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new LspException(LspErrorCodes.ContentModified, "the document changed while its spans were being filled");
        }
        catch (ArgumentException exception)
        {
            // By IInfillEngine's contract: the request does not suit this model, and the message says why.
            throw new LspException(LspErrorCodes.InvalidParams, exception.Message, exception);
        }
    }

    private static InfillRequest CreateRequest(DocumentSnapshot snapshot, TextSpan[] spans, int? maxNewTokens)
    {
        var options = new InfillOptions();
        var request = new InfillRequest
        {
            Text = snapshot.Text,
            Spans = spans,
            Options = maxNewTokens is int tokens ? options with { MaxNewTokens = tokens } : options,
        };
        try
        {
            request.Validate();
            return request;
        }
        catch (ArgumentException exception)
        {
            throw new LspException(LspErrorCodes.InvalidParams, exception.Message, exception);
        }
    }

    /// <summary>The indices of the spans in the order in which they stand in the document.</summary>
    private static int[] InDocumentOrder(DocumentSnapshot snapshot, IReadOnlyList<TextRange> ranges, out TextSpan[] spans)
    {
        TextSpan[] found = [.. ranges.Select((range, index) => SpanOf(snapshot, range, index))];
        spans = found;
        return [.. Enumerable.Range(0, found.Length).OrderBy(index => found[index].Start).ThenBy(index => found[index].Length)];
    }

    private static TextSpan SpanOf(DocumentSnapshot snapshot, TextRange? range, int index)
    {
        if (range is null)
        {
            throw new LspException(LspErrorCodes.InvalidParams, $"spans[{index}] is null; give a range");
        }
        (Position start, Position end) = (range.Start, range.End);
        return (end.Line, end.Character).CompareTo((start.Line, start.Character)) >= 0
            ? snapshot.Lines.SpanOf(range)
            : throw new LspException(LspErrorCodes.InvalidParams, $"spans[{index}] ends before it starts");
    }
}
