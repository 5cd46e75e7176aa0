using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;

namespace StableDiffCoder.Lsp.Context;

/// <summary>
/// Keeps a <see cref="SymbolIndex"/> in step with the C# files of the workspace, on one thread of low priority. Open documents are read as the
/// editor has them, others from the disk; what changed is read again after a pause in typing.
/// </summary>
internal sealed class WorkspaceIndexer : IAsyncDisposable
{
    private const int LargestFile = 1 << 20;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private readonly SymbolIndex index;
    private readonly Exclusions exclusions;
    private readonly DocumentStore documents;
    private readonly Func<bool> isWanted;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim signal = new(0);
    private readonly Lock gate = new();
    private readonly HashSet<string> changed = new(DocumentPath.Comparer);
    private readonly ConcurrentDictionary<string, string> open = new(DocumentPath.Comparer); // path → uri
    private readonly Dictionary<string, FileStamp> stamps = new(DocumentPath.Comparer); // of the indexer's thread alone
    private readonly Task thread;
    private bool rescan;
    private bool working;

    /// <summary>Starts the thread; it waits until there is something to do.</summary>
    /// <param name="index">Kept in step.</param>
    /// <param name="exclusions">Tells folders, and files that must not be read.</param>
    /// <param name="documents">The open documents.</param>
    /// <param name="isWanted">Whether anybody looks at the index: asked before anything is read.</param>
    /// <param name="logger">Told of files that could not be read.</param>
    public WorkspaceIndexer(SymbolIndex index, Exclusions exclusions, DocumentStore documents, Func<bool> isWanted, ILogger logger)
    {
        this.isWanted = isWanted;
        this.index = index;
        this.exclusions = exclusions;
        this.documents = documents;
        this.logger = logger;
        documents.Opened += Opened;
        documents.Changed += Opened;
        documents.Gone += Gone;
        thread = LowPriorityThread.Run("index", Serve);
    }

    /// <summary>Raised on the indexer's thread when files were read: which, null for all.</summary>
    public event Action<IReadOnlyCollection<string>?>? Refreshed;

    /// <value>Whether something is still to be read.</value>
    public bool IsBusy
    {
        get
        {
            lock (gate)
            {
                return working || rescan || changed.Count > 0;
            }
        }
    }

    /// <summary>Looks at all files of the workspace again and reads those that changed.</summary>
    public void Rescan()
    {
        if (!isWanted())
        {
            return;
        }
        lock (gate)
        {
            rescan = true;
        }
        signal.Release();
    }

    /// <summary>Reads a file again; one that is gone is forgotten.</summary>
    public void Reread(string path)
    {
        if (!WorkspaceFiles.IsSource(path) || !isWanted())
        {
            return;
        }
        lock (gate)
        {
            changed.Add(path);
        }
        signal.Release();
    }

    /// <summary>Ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        documents.Opened -= Opened;
        documents.Changed -= Opened;
        documents.Gone -= Gone;
        await stop.CancelAsync();
        await thread;
        stop.Dispose();
        signal.Dispose();
    }

    private void Opened(DocumentSnapshot snapshot)
    {
        if (DocumentPath.Of(snapshot.Uri) is string path)
        {
            open[path] = snapshot.Uri;
            Reread(path);
        }
    }

    private void Gone(string uri)
    {
        if (DocumentPath.Of(uri) is string path)
        {
            open.TryRemove(path, out _);
            Reread(path);
        }
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                signal.Wait(stop.Token);
                // What is typed meanwhile is read once.
                stop.Token.WaitHandle.WaitOne(Quiet);
                while (signal.Wait(0)) { }
                Work();
            }
        }
        catch (OperationCanceledException) { }
    }

    private void Work()
    {
        bool all;
        string[] some;
        lock (gate)
        {
            (all, rescan) = (rescan, false);
            some = [.. changed];
            changed.Clear();
            working = true;
        }
        try
        {
            foreach (string path in some)
            {
                Read(path, always: true);
            }
            if (all)
            {
                ReadAll();
            }
            Refreshed?.Invoke(all ? null : some);
        }
        finally
        {
            lock (gate)
            {
                working = false;
            }
        }
    }

    private void ReadAll()
    {
        IReadOnlyList<string> folders = exclusions.Folders;
        var seen = new HashSet<string>(DocumentPath.Comparer);
        foreach (string path in WorkspaceFiles.Find(folders, exclusions.SkipsFolder, stop.Token))
        {
            seen.Add(path);
            Read(path, always: false);
        }
        // Files that are gone, and open documents outside of all folders.
        foreach (string path in index.Paths.Union(open.Keys, DocumentPath.Comparer).Where(path => !seen.Contains(path)))
        {
            Read(path, always: false);
        }
        Log.Indexed(logger, index.Count, index.Bytes);
    }

    private void Read(string path, bool always)
    {
        stop.Token.ThrowIfCancellationRequested();
        try
        {
            if (exclusions.RefuseFile(path) is not null)
            {
                Forget(path);
                return;
            }
            DocumentSnapshot? snapshot = open.TryGetValue(path, out string? uri) ? documents.Find(uri) : null;
            if (snapshot is not null)
            {
                stamps.Remove(path);
                Put(path, snapshot.Text);
                return;
            }
            FileStamp? stamp = exclusions.Folders.Any(folder => DocumentPath.IsBelow(path, folder)) ? FileStamp.Of(path) : null;
            if (stamp is not FileStamp now || now.Length > LargestFile)
            {
                Forget(path);
            }
            else if (always || stamps.GetValueOrDefault(path) != now)
            {
                // A file that changes while it is read has another stamp the next time.
                Put(path, File.ReadAllText(path, Encoding.UTF8));
                stamps[path] = now;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It cannot be read, or its nesting is deeper than the parser's stack: the others are still wanted.
            Log.NotIndexed(logger, path, exception);
            Forget(path);
        }
    }

    private void Put(string path, string text)
    {
        if (!index.Set(path, SymbolReader.Read(text, stop.Token)))
        {
            stamps.Remove(path);
        }
    }

    private void Forget(string path)
    {
        stamps.Remove(path);
        index.Remove(path);
    }
}
