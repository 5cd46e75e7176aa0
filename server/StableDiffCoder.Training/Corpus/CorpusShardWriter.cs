using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace StableDiffCoder.Training.Corpus;

/// <summary>Writes the shards of one split, starting a new file when the present one is full.</summary>
internal sealed class CorpusShardWriter(string directory, CorpusSplit split, long shardBytes) : IDisposable
{
    private readonly List<ShardManifest> shards = [];
    private FileStream? file;
    private IncrementalHash? hash;
    private int documents;
    private long textBytes;

    /// <summary>What was written, after <see cref="Dispose"/>.</summary>
    public IReadOnlyList<ShardManifest> Shards => shards;

    /// <summary>Appends a document.</summary>
    public void Add(CorpusDocument document)
    {
        if (file is not null && textBytes >= shardBytes)
        {
            Close();
        }
        if (file is null)
        {
            file = File.Create(Path.Combine(directory, $"{CorpusShard.FileName(split)}-{shards.Count:D5}.jsonl"));
            hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        }
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(document, CorpusShard.Json), (byte)'\n'];
        file.Write(line);
        hash!.AppendData(line);
        documents++;
        textBytes += Encoding.UTF8.GetByteCount(document.Text);
    }

    /// <summary>Closes the last file.</summary>
    public void Dispose() => Close();

    private void Close()
    {
        if (file is null)
        {
            return;
        }
        string sha256 = Convert.ToHexStringLower(hash!.GetHashAndReset());
        shards.Add(new ShardManifest(Path.GetFileName(file.Name), documents, textBytes, sha256));
        file.Dispose();
        hash.Dispose();
        (file, hash, documents, textBytes) = (null, null, 0, 0);
    }
}
