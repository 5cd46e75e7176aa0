using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>What all requests share that have the model write into an open document: which text it is about, and what stops it.</summary>
internal sealed class ModelWork(DocumentStore documents, WorkspaceContext context, BackgroundEngine engine)
{
    /// <summary>The present text of a document.</summary>
    /// <exception cref="LspException">It is not open (−32602), out of step or excluded (−32803), or at another version (−32801).</exception>
    public DocumentSnapshot Snapshot(OptionalVersionedTextDocumentIdentifier document)
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
        // Excluded means everywhere, asked for or not.
        if (context.Refuse(document.Uri) is Silence excluded)
        {
            throw new LspException(
                LspErrorCodes.RequestFailed,
                $"the document is excluded: {excluded.Reason}; the model neither reads nor changes it until the setting stableDiffCoder.exclude lets it"
            );
        }
        return document.Version is null || document.Version == snapshot.Version
            ? snapshot
            : throw new LspException(
                LspErrorCodes.ContentModified,
                $"textDocument.version is {document.Version}; the document is at version {snapshot.Version}"
            );
    }

    /// <summary>Waits for the model if it is still loading, then has it work while the document stays as it is.</summary>
    /// <exception cref="LspException">The document changed (−32801), there is no model or it cannot do this (−32803), or the request does not
    /// suit it (−32602).</exception>
    public async Task<T> RunAsync<T>(
        DocumentSnapshot snapshot,
        Func<IInfillEngine, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, snapshot.Stale);
        try
        {
            IInfillEngine ready = await engine.WaitAsync(either.Token);
            T result = await Task.Run(() => work(ready, either.Token), either.Token);
            snapshot.Stale.ThrowIfCancellationRequested();
            return result;
        }
        catch (OperationCanceledException) when (snapshot.Stale.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new LspException(LspErrorCodes.ContentModified, "the document changed while the model was at work");
        }
        catch (ArgumentException exception)
        {
            // By the engine's contract: the request does not suit this model, and the message says why.
            throw new LspException(LspErrorCodes.InvalidParams, exception.Message, exception);
        }
        catch (NotSupportedException exception)
        {
            // Likewise: the model cannot do this at all.
            throw new LspException(LspErrorCodes.RequestFailed, exception.Message, exception);
        }
    }

    /// <summary>The span of a range.</summary>
    /// <exception cref="LspException">It is null or reversed (−32602).</exception>
    public static TextSpan SpanOf(DocumentSnapshot snapshot, TextRange? range, string name)
    {
        if (range is null)
        {
            throw new LspException(LspErrorCodes.InvalidParams, $"{name} is null; give a range");
        }
        (Position start, Position end) = (range.Start, range.End);
        return (end.Line, end.Character).CompareTo((start.Line, start.Character)) >= 0
            ? snapshot.Lines.SpanOf(range)
            : throw new LspException(LspErrorCodes.InvalidParams, $"{name} ends before it starts");
    }
}
